"""How bad it is that a service drifts: it is exposed, it is down, or runs what the file does not say."""

from reconciler.model.differences import ValueDiff
from reconciler.model.drift import Severity
from reconciler.resources.drifting import DriftNotes, Severities, by_side, opened_or_closed
from reconciler.resources.ecs_service.spec import IN_PROGRESS, EcsService

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
    return None


def passing(diff: ValueDiff) -> str:
    """Say why a rollout that is under way, and an image that was pushed, are no drift."""
    if diff.field == "deployment" and diff.live == IN_PROGRESS:
        return "a rollout is under way"
    return "its image was pushed again: apply deploys it" if diff.field == "images" else ""


SEVERITIES = Severities(dict.fromkeys(SERVING, Severity.AVAILABILITY), judge=judge)
DRIFT_NOTES: DriftNotes[EcsService] = DriftNotes(
    passing=passing, unknown={"images": "AWS tells no revision of the service, and so not what its tasks run"}
)
