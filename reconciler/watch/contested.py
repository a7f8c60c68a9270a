"""Fields that are changed again after each correction: they are named, and corrected ever more rarely.

Nothing is given up for ever: after a day at most, or an hour for what concerns security, after some good rounds
or with a new file, it is tried again.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from hashlib import sha256

from reconciler.model.drift import Attribution, Difference, Severity
from reconciler.render.values import to_json_value
from reconciler.watch.memory import Corrected, Memory
from reconciler.watch.status import Contested

TIMES = 2  # corrections after which a difference that came back is contested
GOOD_ROUNDS = 12  # after so many rounds in which it was as desired, its corrections are forgotten
LONGEST = 86_400.0  # seconds at most between two corrections
LONGEST_OF_SECURITY = 3600.0  # a door that somebody opens again and again does not stay open for a day


@dataclass(frozen=True)
class Contest:
    """What is contested at one moment, and until when each is left alone."""

    memory: Memory
    now: datetime
    every: float  # seconds between two rounds

    def next_at(self, difference: Difference) -> datetime | None:
        """Return before when a difference is not corrected again; None if it may be now."""
        found = self.memory.corrected.get(difference.key)
        if not found or found.times < TIMES:
            return None
        longest = LONGEST_OF_SECURITY if difference.severity is Severity.SECURITY else LONGEST
        seconds = min(self.every * 2 ** min(found.times - TIMES, 30), longest)
        at = datetime.fromisoformat(found.at) + timedelta(seconds=seconds)
        return at if at > self.now else None

    def find(self, differences: Iterable[Difference]) -> tuple[Contested, ...]:
        """Return those of the differences that came back after each correction."""
        return tuple(
            Contested(d.key, d.severity, found.times, found.by, _text(self.next_at(d)))
            for d in differences
            if (found := self.memory.corrected.get(d.key)) and found.times >= TIMES
        )


def _text(at: datetime | None) -> str:
    return at.isoformat(timespec="seconds") if at else ""


def fingerprint(value: object) -> str:
    """Return a short digest of a live value: that it is the same is remembered, and not what it is."""
    return sha256(json.dumps(to_json_value(value), sort_keys=True).encode()).hexdigest()[:12]


def remember_round(memory: Memory, differences: Iterable[Difference], digest: str) -> Memory:
    """Return the memory after a round, given the drift that it found and the digest of the file.

    What was as desired for `GOOD_ROUNDS` is forgotten, and with a new file everything.
    """
    if digest != memory.digest:
        return replace(memory, corrected={}, digest=digest)
    there = {d.key for d in differences}
    counted = {k: replace(c, good=0 if k in there else c.good + 1) for k, c in memory.corrected.items()}
    return replace(memory, corrected={key: c for key, c in counted.items() if c.good < GOOD_ROUNDS})


def remember_corrections(
    memory: Memory, corrected: Iterable[Difference], who: Mapping[str, Attribution], at: str
) -> Memory:
    """Return the memory after these differences were put right.

    One that is wrong in another way, and by another person, than the last time is not counted on.
    """
    found = dict(memory.corrected)
    for difference in corrected:
        key, live = difference.key, fingerprint(difference.live)
        by = who[key].actor if key in who else ""
        last = found.get(key)
        again = last is not None and (last.live == live or (bool(by) and last.by == by))
        found[key] = Corrected(last.times + 1 if last and again else 1, at, live, by)
    return replace(memory, corrected=found)
