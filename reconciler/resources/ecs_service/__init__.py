"""ECS services on Fargate, with rolling deployments."""

from collections.abc import Iterator, Mapping
from typing import Any

from reconciler.aws.reads import Reads
from reconciler.model import tags
from reconciler.model.spec import Live
from reconciler.resources.ecs_service.calls import ensure_service, remove
from reconciler.resources.ecs_service.images import running
from reconciler.resources.ecs_service.lost import lost_by_tasks
from reconciler.resources.ecs_service.parameters import from_aws
from reconciler.resources.ecs_service.spec import COMPLETED, FAILED, IN_PROGRESS, STOPS, EcsService, Target
from reconciler.resources.kind import Kind, Relations, actions
from reconciler.resources.running_services import delay, described, failure, primary

__all__ = ["KIND", "EcsService", "Target"]

DRAINING = " (draining)"  # after the name of one that is deleted and still has tasks


def read(reads: Reads) -> Iterator[Live[EcsService]]:
    services = [s for s in described(reads) if s["status"] != "INACTIVE"]
    runs = running(reads, services, {name: want.images for name, want in reads.wanted(EcsService).items()})
    lost = lost_by_tasks(reads, [s for s in services if _is_ours(reads, s) and s["status"] == "ACTIVE"])
    delays = reads.map(lambda s: delay(reads, s), services)
    for s, seconds in zip(services, delays, strict=True):
        owned = tags.parse(s.get("tags"))
        owner = tags.owner(owned)
        newest = primary(s)
        outputs = {"id": s["serviceName"], "arn": s["serviceArn"]} | (
            {"deployment": newest["id"]} if newest else {}
        )
        ours = _is_ours(reads, s)
        spec = from_aws(s).model_copy(update={"stops_within": STOPS + seconds})
        if s["status"] == "ACTIVE":
            more: dict[str, Any] = {
                "images": runs.get(spec.name),
                "deployment": _state(reads, s) if ours else COMPLETED,
            }
            more |= {"lost_by_tasks": lost.get(s["serviceArn"], frozenset())}
            yield Live(spec.model_copy(update={"tags": owned, **more}), outputs, owner)
        elif ours:  # its name is not free yet, but it cannot be changed, nor deleted again
            gone = {"name": spec.name + DRAINING, "draining": True}
            yield Live(spec.model_copy(update=gone), outputs, owner)


def _is_ours(reads: Reads, service: Mapping[str, Any]) -> bool:
    return tags.owner(tags.parse(service.get("tags"))) == reads.stack.name


def _state(reads: Reads, service: Mapping[str, Any]) -> str:
    """How its last deployment stands: one under way, of a run that was killed, is waited for by the next."""
    if why := failure(reads, service):
        return FAILED + why
    newest = primary(service) or {}
    return IN_PROGRESS if newest.get("rolloutState") == IN_PROGRESS else COMPLETED


def clashes(live: EcsService, want: EcsService) -> bool:
    """Whether it has the name and the cluster of the other, also while it drains."""
    return live.name.removesuffix(DRAINING) == want.name and live.cluster == want.cluster


KIND = Kind(
    EcsService,
    read,
    ensure_service,
    remove,
    relations=Relations(clashes=clashes),
    tagging=tags.ECS,
    actions=actions("ecr", "DescribeImages")
    | actions(
        "ecs",
        "CreateService DeleteService DescribeClusters DescribeServiceRevisions DescribeServices "
        "DescribeTaskDefinition DescribeTasks ListClusters ListServiceDeployments ListServices "
        "ListTaskDefinitionFamilies ListTaskDefinitions ListTasks TagResource UpdateService",
    )
    | actions("elasticloadbalancing", "DescribeTargetGroupAttributes DescribeTargetHealth")
    | actions(
        "iam",
        "CreateServiceLinkedRole GetAccountAuthorizationDetails GetRole GetRolePolicy "
        "ListAttachedRolePolicies ListRolePolicies ListRoles",
    )
    | actions("logs", "DescribeLogGroups"),
)
