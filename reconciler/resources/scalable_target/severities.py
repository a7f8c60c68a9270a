"""How bad it is that scaling drifts: it is off, suspended, or the number of tasks is outside of its range."""

from collections.abc import Iterator

from reconciler.model.differences import ValueDiff
from reconciler.model.drift import Severity
from reconciler.resources.drifting import DriftNotes, Severities, by_side
from reconciler.resources.scalable_target.spec import ScalableTarget


def judge(_live: ScalableTarget, _want: ScalableTarget, diff: ValueDiff) -> Severity | None:
    match diff:
        case ValueDiff(where=("min_capacity" | "max_capacity",), live=int(live), want=int(want)):
            return Severity.AVAILABILITY if live < want else None
        case ValueDiff(where=("policies", _)):
            return by_side(Severity.CONFIGURATION, Severity.AVAILABILITY)(diff)
    return None


def find_outside(live: ScalableTarget, want: ScalableTarget) -> Iterator[ValueDiff]:
    """Yield the number of tasks if it is not one that scaling may have set: then somebody else did."""
    lowest, highest = want.min_capacity, want.max_capacity
    if live.count is not None and not lowest <= live.count <= highest:
        yield ValueDiff(("count",), live.count, f"{lowest} to {highest}")


SEVERITIES = Severities(dict.fromkeys(("suspended", "count"), Severity.AVAILABILITY), judge=judge)


def explain(diff: ValueDiff) -> str:
    """Say what a number of tasks outside of the range means."""
    return "set by others: scaling stays in its range" if diff.field == "count" else ""


DRIFT_NOTES = DriftNotes(further=find_outside, meaning=explain)
