"""How bad it is that scaling drifts: it is off, or allows fewer tasks."""

from reconciler.model.differences import ValueDiff
from reconciler.model.drift import Severity
from reconciler.resources.drifting import Severities, by_side
from reconciler.resources.scalable_target.spec import ScalableTarget


def judge(_live: ScalableTarget, _want: ScalableTarget, diff: ValueDiff) -> Severity | None:
    match diff:
        case ValueDiff(where=("min_capacity" | "max_capacity",), live=int(live), want=int(want)):
            return Severity.AVAILABILITY if live < want else None
        case ValueDiff(where=("policies" | "schedules", _)):
            return by_side(Severity.CONFIGURATION, Severity.AVAILABILITY)(diff)
    return None


SEVERITIES = Severities({"suspended": Severity.AVAILABILITY}, judge=judge)
