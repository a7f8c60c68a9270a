"""ECS services on Fargate, with rolling deployments."""

from collections.abc import Iterator, Mapping
from typing import Any

from reconciler.aws.reads import Reads
from reconciler.model import tags
from reconciler.model.references import Ref
from reconciler.model.spec import Live
from reconciler.model.trail import TAGS, TouchedBy
from reconciler.resources.ecs_cluster import Share
from reconciler.resources.ecs_service.calls import ensure_service, remove
from reconciler.resources.ecs_service.correcting import CORRECTING
from reconciler.resources.ecs_service.images import find_running_images
from reconciler.resources.ecs_service.lost import find_lost_by_tasks
from reconciler.resources.ecs_service.parameters import PARAMETERS, from_aws
from reconciler.resources.ecs_service.running_tasks import warn
from reconciler.resources.ecs_service.severities import DRIFT_NOTES, SEVERITIES
from reconciler.resources.ecs_service.spec import (
    COMPLETED,
    FAILED_PREFIX,
    IN_PROGRESS,
    TASKS_STOP_WITHIN,
    EcsService,
    Target,
)
from reconciler.resources.ecs_service.targets import find_routed_groups, interrupts
from reconciler.resources.image import find_missing
from reconciler.resources.kind import Kind, Relations, actions
from reconciler.resources.running_services import (
    describe_services,
    find_failure,
    find_primary_deployment,
    read_deregistration_delay,
)
from reconciler.resources.task_families import runs_foreign_revision

__all__ = ["KIND", "EcsService", "Share", "Target", "ensure_service", "from_aws"]

DRAINING = " (draining)"  # after the name of a service that is deleted and still has tasks


def read(reads: Reads) -> Iterator[Live[EcsService]]:
    services = [s for s in describe_services(reads) if s["status"] != "INACTIVE"]
    wanted = reads.desired.of(EcsService)
    images = find_running_images(reads, services, {name: want.images for name, want in wanted.items()})
    lost = find_lost_by_tasks(reads, [s for s in services if _is_ours(reads, s) and s["status"] == "ACTIVE"])
    delays = reads.map(lambda s: read_deregistration_delay(reads, s), services)
    for service, delay in zip(services, delays, strict=True):
        resource_tags = tags.parse(service.get("tags"))
        outputs = {"id": service["serviceName"], "arn": service["serviceArn"]}
        if primary := find_primary_deployment(service):
            outputs["deployment"] = primary["id"]
        ours = _is_ours(reads, service)
        spec = from_aws(service).model_copy(update={"stops_within": TASKS_STOP_WITHIN + delay})
        if service["status"] == "ACTIVE":
            observed: dict[str, Any] = {
                "tags": resource_tags,
                "images": images.get(spec.name),
                "deployment": _find_state(reads, service) if ours else COMPLETED,
                "lost_by_tasks": lost.get(service["serviceArn"], frozenset()),
                "runs_foreign": ours and runs_foreign_revision(reads, service["taskDefinition"]),
                "missing_images": find_missing(reads, wanted[spec.name].after if spec.name in wanted else ()),
            }
            routed = find_routed_groups(reads, wanted.get(spec.name) if ours else None, spec)
            observed["routed_groups"] = {Ref("target_group", arn, by_id=True) for arn in routed}
            yield Live(spec.model_copy(update=observed), outputs, tags.owner(resource_tags))
        elif ours:  # its name is not free yet, but it can be neither changed nor deleted again
            draining = {"name": spec.name + DRAINING, "aws_name": spec.name, "draining": True}
            yield Live(spec.model_copy(update=draining), outputs, tags.owner(resource_tags))


def _is_ours(reads: Reads, service: Mapping[str, Any]) -> bool:
    return tags.owner(tags.parse(service.get("tags"))) == reads.stack.name


def _find_state(reads: Reads, service: Mapping[str, Any]) -> str:
    """Return the state of the last deployment, for `EcsService.deployment`.

    A deployment is IN_PROGRESS if the run that began it was killed or did not wait. The next run waits for it.
    """
    if reason := find_failure(reads, service):
        return FAILED_PREFIX + reason
    primary = find_primary_deployment(service) or {}
    return IN_PROGRESS if primary.get("rolloutState") == IN_PROGRESS else COMPLETED


def clashes(live: EcsService, want: EcsService) -> bool:
    """Tell whether both have one name, also while the live one drains, or in another cluster.

    AWS allows the latter, but by its name a service, its scaling and its metrics are known here.
    """
    return live.physical_name == want.physical_name


KIND = Kind(
    EcsService,
    read,
    ensure_service,
    remove,
    relations=Relations(clashes=clashes, interrupts=interrupts),
    tagging=tags.ECS,
    severities=SEVERITIES,
    drift_notes=DRIFT_NOTES,
    correcting=CORRECTING,
    called="service",
    warn=warn,
    indexed_as="ecs:service/",
    touched_by=TouchedBy(
        "ecs.amazonaws.com",
        {"service": "id", "serviceName": "id", "resourceArn": "arn"},
        made_by=("CreateService",),
        deleted_by=("DeleteService",),
        changed_by={
            "": ("UpdateService",),
            "lost_by_tasks": (),
            "images": (),
            TAGS: ("TagResource", "UntagResource"),
        },
        parameters={field: row.name for row in PARAMETERS for field in row.fields},
        within={"cluster": "arn"},
    ),
    actions=actions("ecr", "DescribeImages")
    | actions(
        "ecs",
        "CreateService DeleteService DescribeClusters DescribeServiceRevisions DescribeServices "
        "DescribeTaskDefinition DescribeTasks ListClusters ListServiceDeployments ListServices "
        "ListTaskDefinitionFamilies ListTaskDefinitions ListTasks TagResource UpdateService",
    )
    | actions(
        "elasticloadbalancing",
        "DescribeListeners DescribeLoadBalancers DescribeRules DescribeTags DescribeTargetGroupAttributes "
        "DescribeTargetGroups DescribeTargetHealth",
    )
    | actions(
        "iam",
        "CreateServiceLinkedRole GetAccountAuthorizationDetails GetRole GetRolePolicy "
        "ListAttachedRolePolicies ListRolePolicies ListRoles",
    )
    | actions("logs", "DescribeLogGroups"),
)
