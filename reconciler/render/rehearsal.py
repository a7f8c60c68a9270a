"""The result of a rehearsal, as data."""

from dataclasses import dataclass

from reconciler.model.plan import Outcome, Plan
from reconciler.model.steps import Call
from reconciler.render.timeline import Span

ACTS = ("apply", "plan", "destroy", "look")  # the parts of a rehearsal in order; "look": is anything left?


@dataclass(frozen=True)
class RecordedCall:
    """One AWS call, and when it was made."""

    act: str  # one of `ACTS`
    at: float  # seconds since the act began
    call: Call


@dataclass(frozen=True)
class RehearsedRun:
    """One apply or destroy on the embedded AWS."""

    plan: Plan
    outcome: Outcome
    spans: tuple[Span, ...]
    seconds: float  # how long AWS took, without the time that requests travel


@dataclass(frozen=True)
class Rehearsal:
    """A rehearsal: its acts, and the problems and notes that they led to."""

    stack: str
    apply: RehearsedRun
    destroy: RehearsedRun | None  # None: not rehearsed, as `notes` explains
    problems: tuple[str, ...]  # why the platform would not come up, stay unchanged or go
    notes: tuple[str, ...]
    calls: tuple[RecordedCall, ...]
