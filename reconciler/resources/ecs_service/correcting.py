"""What a correction leaves alone of a service: its rollouts, failed revisions, and the deployments of others."""

from reconciler.resources.drifting import Correcting
from reconciler.resources.ecs_service.parameters import DEPLOYED_FIELDS, NEW_DEPLOYMENT_FIELDS
from reconciler.resources.ecs_service.spec import FAILED_PREFIX, IN_PROGRESS, EcsService

RETRIED_BY_APPLY = "the last deployment failed, and only an apply tries it again"
OTHERS_DEPLOYED = "it runs a revision that is not this stack's; only an apply deploys ours over it"
PUSHED = "only an apply deploys an image that was pushed"


def under_way(live: EcsService) -> str:
    return "a rollout of it is under way" if live.deployment == IN_PROGRESS else ""


def never(live: EcsService, field: str) -> str:
    """Say why nothing is deployed: over what others deployed, or again what has failed.

    Any deployment would do that: it starts tasks of the revision, also where another field asks for it.
    """
    if field == "images":
        return PUSHED
    if field in CORRECTING.restarts and live.deployment.startswith(FAILED_PREFIX):
        return RETRIED_BY_APPLY
    return OTHERS_DEPLOYED if field == "task_definition" and live.runs_foreign else ""


CORRECTING = Correcting(frozenset((*DEPLOYED_FIELDS, *NEW_DEPLOYMENT_FIELDS)), under_way, never)
