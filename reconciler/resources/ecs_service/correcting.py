"""What a correction leaves alone of a service: its rollouts, failed revisions, deployments of others."""

from reconciler.resources.drifting import Correcting
from reconciler.resources.ecs_service.parameters import DEPLOYED_FIELDS, NEW_DEPLOYMENT_FIELDS
from reconciler.resources.ecs_service.spec import FAILED_PREFIX, IN_PROGRESS, EcsService

RETRIED_BY_APPLY = "the last deployment failed, and only an apply tries it again"
OTHERS_DEPLOYED = "it runs a revision that is not this stack's; only an apply deploys ours over it"
PUSHED = "its image was pushed again, and only an apply deploys that"


def under_way(live: EcsService) -> str:
    return "a rollout of it is under way" if live.deployment == IN_PROGRESS else ""


def never(live: EcsService, want: EcsService, field: str) -> str:
    """Say why nothing is deployed: over what others deployed, again what has failed, or what was just pushed.

    Any deployment does that, whatever it is made for: it finds out anew which image a tag means.
    """
    if field not in CORRECTING.restarts:
        return ""
    if live.deployment.startswith(FAILED_PREFIX):
        return RETRIED_BY_APPLY
    if want.images is not None and live.images is not None and want.images != live.images:
        return PUSHED
    return OTHERS_DEPLOYED if field == "task_definition" and live.runs_foreign else ""


def put_into_range(want: EcsService, live_count: int) -> EcsService:
    """Return the service with the number of tasks in the range of its scaling that is nearest to the live one.

    Scaling itself acts on alarms, and leaves a service at the 0 tasks that somebody has set.
    """
    if not want.scaled_between:
        return want
    lowest, highest = want.scaled_between
    return want.model_copy(update={"desired_count": max(lowest, min(live_count, highest))})


CORRECTING = Correcting(
    frozenset((*DEPLOYED_FIELDS, *NEW_DEPLOYMENT_FIELDS)), under_way, never, {"desired_count": put_into_range}
)
