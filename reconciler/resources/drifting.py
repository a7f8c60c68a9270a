"""What each resource type says of its drift: how bad it is, and what is told beside the fields that differ."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Generic

from reconciler.model.differences import MISSING, ValueDiff
from reconciler.model.drift import Severity
from reconciler.model.spec import S

Danger = tuple[Severity, str]  # how bad it is, and what it is, in words


@dataclass(frozen=True)
class Severities(Generic[S]):
    """Says how bad it is that a resource of a type drifts."""

    fields: Mapping[str, Severity] = field(default_factory=dict)
    """The severity of each field that differs; of others it is configuration, and tags of `tags`."""
    missing: Severity = Severity.AVAILABILITY
    """The severity of a resource that AWS does not have."""
    orphaned: Severity = Severity.CONFIGURATION
    """The severity of one of ours that the file does not have."""
    foreign: Severity = Severity.CONFIGURATION
    """The severity of one of others inside of ours, and of what others have put into one of ours."""
    judge: Callable[[S, S, ValueDiff], Severity | None] | None = None
    """Return the severity of a difference by its values, given the live spec and the desired one: a rule that
    was opened is worse than one that was closed. None: it is that of `fields`."""


@dataclass(frozen=True)
class DriftNotes(Generic[S]):
    """Says what a drift report tells of a type beside what a plan compares."""

    passing: Callable[[ValueDiff], str] = lambda _diff: ""
    """Say why a difference is no drift, such as a rollout that is under way; an empty text if it is drift."""
    further: Callable[[S, S], Iterable[ValueDiff]] = lambda _live, _want: ()
    """Yield what is drift and no field of a plan, given the live spec and the desired one."""
    dangerous: Callable[[S, S], Iterable[Danger]] = lambda _live, _want: ()
    """Yield what the file does not speak of, and is dangerous, given the live spec and the desired one."""
    meaning: Callable[[ValueDiff], str] = lambda _diff: ""
    """Say in a few words what a difference means; an empty text if its values say it."""
    instead: Callable[[ValueDiff], str] = lambda _diff: ""
    """Say what differs where the two values do not say it; an empty text: they do."""
    unlike: Callable[[S, S], Iterable[str]] = lambda _live, _want: ()
    """Yield, in words, what others have put into the live one and an apply leaves alone."""
    unknown: Mapping[str, str] = field(default_factory=dict)
    """The fields that AWS may leave untold (see `OBSERVED`) although they matter, each with the reason."""


@dataclass(frozen=True)
class Correcting(Generic[S]):
    """Says what a correction of drift leaves alone, beside what the file and the consent given say."""

    restarts: frozenset[str] = frozenset()
    """The fields whose change starts tasks anew."""
    under_way: Callable[[S], str] = lambda _live: ""
    """Say what AWS is doing with the live one, which nothing may disturb; an empty text: nothing."""
    never: Callable[[S, S, str], str] = lambda _live, _want, _field: ""
    """Say why a field of the live one is not put right, whatever consent there is, given the live one and the
    desired one; an empty text: it may be."""
    restored: Mapping[str, Callable[[S, Any], S]] = field(default_factory=dict)
    """By the fields that `DriftNotes.further` tells: return the desired one with the field put right, which the
    file leaves open, given its live value."""


def by_side(only_live: Severity, only_wanted: Severity) -> Callable[[ValueDiff], Severity | None]:
    """Return the judge of items and keys that only one side has; it judges no others."""

    def judge(diff: ValueDiff) -> Severity | None:
        if diff.want is MISSING:
            return only_live
        return only_wanted if diff.live is MISSING else None

    return judge


opened_or_closed = by_side(Severity.SECURITY, Severity.AVAILABILITY)
"""Judges what lets somebody in: more of it is a matter of security, less of it one of availability."""
