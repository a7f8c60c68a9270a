"""Which messages a round asks for: of what is new, what became worse, and what is gone. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from reconciler.model.drift import Attribution, Difference, Severity
from reconciler.watch.memory import Memory, Remembered
from reconciler.watch.notify.message import Message, News, Told


@dataclass(frozen=True)
class Found:
    """What a round found of a stack."""

    stack: str  # <platform>/<environment>/<region>
    at: str  # as in 2026-11-27T22:14:03+00:00
    drift: tuple[Difference, ...]
    who: Mapping[str, Attribution]
    complete: bool = True  # everything was compared: what is not in `drift` is gone


def find_news(memory: Memory, found: Found) -> tuple[Memory, tuple[Message, ...]]:
    """Return the memory after a round, and the messages to send.

    Of the first round that is remembered nothing is told: its drift is old. A difference is told when it is
    there in two rounds, and one of security at once. That a told one is gone is told when everything was
    compared. One that became worse is told again.
    """
    there = {d.key: d for d in found.drift}
    known = {key: _meet(memory, memory.known.get(key), d, found.at) for key, d in there.items()}
    gone = {key: old for key, old in memory.known.items() if key not in there}
    if not found.complete:
        known |= gone
        gone = {}
    appeared = [d for key, d in there.items() if known[key].told and _is_new(memory, key)]
    worse = [d for key, d in there.items() if _is_worse(memory.known.get(key), d)]
    messages = (
        _message(News.APPEARED, found, (_tell(d, found.who) for d in appeared), len(known)),
        _message(News.WORSE, found, (_tell(d, found.who) for d in worse), len(known)),
        _message(News.GONE, found, (_tell_gone(key, old) for key, old in gone.items() if old.told), len(known)),
    )
    return replace(memory, known=known, rounds=True), tuple(m for m in messages if m)


def _meet(memory: Memory, before: Remembered | None, difference: Difference, at: str) -> Remembered:
    """Return what is known of a difference now: whether it has been told, this round's messages included."""
    severity = difference.severity
    if before is None:
        is_old = not memory.rounds
        return Remembered(at, severity.value, told=is_old or severity is Severity.SECURITY)
    return Remembered(before.since, severity.value, told=True)


def _is_new(memory: Memory, key: str) -> bool:
    before = memory.known.get(key)
    return memory.rounds if before is None else not before.told


def _is_worse(before: Remembered | None, difference: Difference) -> bool:
    return before is not None and before.told and difference.severity.rank < Severity(before.severity).rank


def _tell(difference: Difference, who: Mapping[str, Attribution]) -> Told:
    key = difference.key
    return Told(key, difference.severity, difference.finding.value, who.get(key))


def _tell_gone(key: str, known: Remembered) -> Told:
    return Told(key, Severity(known.severity), f"since {known.since}")


def _message(news: News, found: Found, told: Iterable[Told], still_open: int) -> Message | None:
    in_order = tuple(sorted(told, key=lambda each: (each.severity.rank, each.key)))
    return Message(news, found.stack, found.at, in_order, still_open) if in_order else None
