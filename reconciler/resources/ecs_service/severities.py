"""How bad it is that a service drifts: it is exposed, it is down, or runs what the file does not say."""

from reconciler.model.differences import ValueDiff
from reconciler.model.drift import Severity
from reconciler.model.references import Ref
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


def explain(diff: ValueDiff) -> str:
    """Say who chose the revision that runs, and what tasks have lost."""
    match diff:
        case ValueDiff(where=("task_definition",), live=Ref() as live, want=Ref(by_id=True) as ours):
            return explain_revision(live.name, ours.name)
        case ValueDiff(where=("lost_by_tasks", *_)):
            return "it was deleted under running tasks, which cannot use a new one"
    return ""


def explain_revision(live: str, ours: str) -> str:
    """Say what it means that a revision runs which is not the newest of ours, given the ARNs of both."""
    family, _, revision = live.rpartition(":")
    own_family, _, newest = ours.rpartition(":")
    earlier = family == own_family and int(revision) < int(newest)
    return "an earlier revision: rolled back, or deployed by others" if earlier else "deployed by others"


SEVERITIES = Severities(dict.fromkeys(SERVING, Severity.AVAILABILITY), judge=judge)
DRIFT_NOTES: DriftNotes[EcsService] = DriftNotes(
    passing=passing,
    meaning=explain,
    unknown={"images": "AWS tells no revision of the service, and so not what its tasks run"},
)
