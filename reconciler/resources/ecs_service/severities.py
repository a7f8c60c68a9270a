"""How bad it is that a service drifts: it is exposed, it is down, or runs what the file does not say."""

from collections.abc import Iterator

from reconciler.model.differences import ValueDiff
from reconciler.model.drift import Severity
from reconciler.model.references import Ref
from reconciler.resources.drifting import DriftNotes, Severities, by_side, opened_or_closed
from reconciler.resources.ecs_service.spec import FAILED_PREFIX, IN_PROGRESS, EcsService
from reconciler.resources.task_families import is_earlier

BY_OTHERS = "deployed by others"
AN_EARLIER_ONE = f"an earlier revision: rolled back, or {BY_OTHERS}"
SERVING = (
    "cluster",
    "task_definition",
    "targets",
    "registries",
    "deployment",
    "lost_by_tasks",
    "circuit_breaker",
)


def judge(_live: EcsService, _want: EcsService, diff: ValueDiff) -> Severity | None:
    match diff:
        case ValueDiff(where=("public_address",)):
            return Severity.SECURITY if diff.live else Severity.AVAILABILITY
        case ValueDiff(where=("execute_command",)):
            return Severity.SECURITY if diff.live else None
        case ValueDiff(where=("security_groups", *_)):
            return opened_or_closed(diff)
        case ValueDiff(where=("subnets", *_)):
            return by_side(Severity.CONFIGURATION, Severity.AVAILABILITY)(diff)
        case ValueDiff(where=("desired_count",), live=int(live), want=int(want)):
            return Severity.AVAILABILITY if live < want else None
        case ValueDiff(where=("desired_count",)):  # outside of what scaling sets
            return Severity.AVAILABILITY
    return None


def passing(diff: ValueDiff) -> str:
    """Say why a rollout that is under way, and an image that was pushed, are no drift."""
    if diff.field == "deployment" and diff.live == IN_PROGRESS:
        return "a rollout is under way"
    return "its image was pushed again: apply deploys it" if diff.field == "images" else ""


def find_count_outside(live: EcsService, want: EcsService) -> Iterator[ValueDiff]:
    """Yield the number of tasks if it is not one that scaling may have set: then somebody else did."""
    if want.scaled_between and live.desired_count is not None:
        lowest, highest = want.scaled_between
        if not lowest <= live.desired_count <= highest:
            yield ValueDiff(("desired_count",), live.desired_count, f"{lowest} to {highest}")


def explain(diff: ValueDiff) -> str:
    """Say who chose the revision that runs or the number of tasks, and what tasks have lost."""
    match diff:
        case ValueDiff(where=("desired_count",), want=str()):
            return "set by others: scaling stays in its range"
        case ValueDiff(where=("task_definition",), live=Ref() as live, want=Ref(by_id=True) as ours):
            return AN_EARLIER_ONE if is_earlier(live.name, ours.name) else BY_OTHERS
        case ValueDiff(where=("lost_by_tasks", *_)):
            return "running tasks still use one that was deleted"
    return ""


def say(diff: ValueDiff) -> str:
    """Say that a deployment failed: its state holds the reason, and the other one is no wish of the file."""
    failed = diff.field == "deployment" and str(diff.live).startswith(FAILED_PREFIX)
    return f"the last deployment failed: {str(diff.live).removeprefix(FAILED_PREFIX)}" if failed else ""


SEVERITIES = Severities(dict.fromkeys(SERVING, Severity.AVAILABILITY), judge=judge)
DRIFT_NOTES: DriftNotes[EcsService] = DriftNotes(
    passing=passing,
    further=find_count_outside,
    meaning=explain,
    instead=say,
    unknown={"images": "AWS tells no revision of the service, and so not what its tasks run"},
)
