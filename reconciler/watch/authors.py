"""Who made the differences that a watch sees: asked for new ones, and again while CloudTrail may be late."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from threading import Event, Lock

from reconciler.aws.trail import FOR_A_ROUND, Pace, Window, ask_again
from reconciler.drift import ask_who, parse_time
from reconciler.drift.last_apply import LastApply, read_last_apply
from reconciler.model.drift import Attribution, Difference, Known
from reconciler.session import Session

Key = tuple[str, str, str]  # the stack, the difference, and the value that was found


@dataclass(frozen=True)
class Asked:
    """A difference that was asked for, or is to be."""

    window: Window
    answer: Attribution | None = None
    at: datetime | None = None  # when it was last asked for

    def is_due(self, now: datetime) -> bool:
        """Tell whether to ask for it now."""
        again = ask_again(self.answer, self.window.until, self.at or now)
        return again is not None and again <= now


@dataclass
class Authors:
    """What a process knows of authors; one for all of its stacks, whose rounds may run in several threads."""

    stop: Event = field(default_factory=Event)
    pace: Pace = field(default_factory=Pace)
    _asked: dict[Key, Asked] = field(default_factory=dict)
    _last_round: dict[str, datetime] = field(default_factory=dict)  # of each stack
    _lock: Lock = field(default_factory=Lock)

    def __call__(self, session: Session, differences: Sequence[Difference]) -> Mapping[str, Attribution]:
        """Return who made these differences of a round, by `Difference.key`. Raises `ReadFailed`."""
        now, stack = session.date(), session.platform.stack
        last = read_last_apply(session.reads.aws, session.platform) if differences else LastApply()
        keys = {d.key: (stack, d.key, repr(d.live)) for d in differences}
        with self._lock:
            since = self._last_round.get(stack) or (parse_time(last.applied.at) if last.applied else None)
            self._last_round[stack] = now
            new = Asked(Window(now, since))
            kept = {key: self._asked.get(key, new) for key in keys.values()}
            self._asked = {key: a for key, a in self._asked.items() if key[0] != stack} | kept
        due = [d for d in differences if kept[keys[d.key]].is_due(now)]
        found = self._ask(session, last, due, kept, keys)
        asked = {keys[key]: replace(kept[keys[key]], answer=answer, at=now) for key, answer in found.items()}
        with self._lock:
            self._asked |= asked
        return {key: (kept | asked)[own].answer or Attribution(Known.NOT_ASKED) for key, own in keys.items()}

    def _ask(
        self,
        session: Session,
        last: LastApply,
        due: Iterable[Difference],
        kept: Mapping[Key, Asked],
        keys: Mapping[str, Key],
    ) -> dict[str, Attribution]:
        """Ask for what is due, window by window, the newest first, within the time of one round."""
        by_window: dict[Window, list[Difference]] = {}
        for difference in due:
            by_window.setdefault(kept[keys[difference.key]].window, []).append(difference)
        found: dict[str, Attribution] = {}
        ends = self.pace.now() + FOR_A_ROUND
        for window in sorted(by_window, key=lambda window: window.until, reverse=True):
            found |= ask_who(
                session,
                last,
                by_window[window],
                window,
                pace=self.pace,
                stop=self.stop,
                deadline=ends,
            )
        return found
