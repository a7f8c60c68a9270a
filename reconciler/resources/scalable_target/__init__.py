"""Application Auto Scaling of ECS services. A deleted service loses its target and policies."""

from collections.abc import Iterable, Iterator
from functools import partial
from math import ceil
from typing import Any

from reconciler.aws.reads import Reads
from reconciler.model import tags
from reconciler.model.spec import Live
from reconciler.model.trail import TAGS, TouchedBy
from reconciler.resources.kind import Kind, Relations, actions
from reconciler.resources.running_services import describe_services
from reconciler.resources.scalable_target.calls import SCALABLE_DIMENSION, ensure_scalable_target, remove
from reconciler.resources.scalable_target.parameters import Raw, from_aws
from reconciler.resources.scalable_target.severities import SEVERITIES
from reconciler.resources.scalable_target.spec import (
    ScalableTarget,
    ScheduledAction,
    TargetTracking,
    requests_to,
)

__all__ = [
    "KIND",
    "ScalableTarget",
    "ScheduledAction",
    "TargetTracking",
    "ensure_scalable_target",
    "from_aws",
    "requests_to",
]

DESCRIBE_POLICIES = "application-autoscaling", "describe_scaling_policies", "ScalingPolicies[]"
MAX_TARGETS_DESCRIBED = 50  # in one DescribeScalableTargets
POLICIES_PER_TARGET = 3  # as many as are looked for in the account's list, which has all of others' too
POLICIES_PER_PAGE = 10  # of DescribeScalingPolicies


def read(reads: Reads) -> Iterator[Live[ScalableTarget]]:
    """Yield the targets of ACTIVE services. AWS deletes the target of any other service."""
    owners = {
        _format_resource_id(s): _find_owner(s) for s in describe_services(reads) if s["status"] == "ACTIVE"
    }
    candidates = sorted(i for i, owner in owners.items() if owner == reads.stack.name or _is_wanted(reads, i))
    if not candidates:
        return
    policies = reads.meanwhile(_describe_policies, reads, candidates)
    scheduled = reads.meanwhile(_describe_scheduled_actions, reads)
    targets = reads.in_batches(lambda batch: _describe_targets(reads, batch), candidates, MAX_TARGETS_DESCRIBED)
    policies_of, scheduled_of = _group_by_target(policies()), _group_by_target(scheduled())
    desired = reads.desired.of(ScalableTarget)
    for target in targets:
        resource_id = target["ResourceId"]
        spec = from_aws(target, policies_of.get(resource_id, []), scheduled_of.get(resource_id, []))
        spec = _leave_out_scheduled_range(spec, desired.get(spec.name))
        yield Live(spec, {"id": resource_id}, owners[resource_id])


def _group_by_target(found: Iterable[Raw]) -> dict[str, list[Raw]]:
    by_target: dict[str, list[Raw]] = {}
    for raw in found:
        by_target.setdefault(raw["ResourceId"], []).append(raw)
    return by_target


def _leave_out_scheduled_range(live: ScalableTarget, want: ScalableTarget | None) -> ScalableTarget:
    """Return the target with the desired range, if a schedule of the file has set the one that it has.

    AWS has one range only: that of the spec is in force until the first schedule.
    """
    found = (live.min_capacity, live.max_capacity)
    set_by = [(action.min_capacity, action.max_capacity) for action in want.schedules.values()] if want else []
    if want is None or found not in set_by:
        return live
    return live.model_copy(update={"min_capacity": want.min_capacity, "max_capacity": want.max_capacity})


def _format_resource_id(service: Raw) -> str:
    return f"service/{service['clusterArn'].rpartition('/')[2]}/{service['serviceName']}"


def _find_owner(service: Raw) -> str | None:
    return tags.owner(tags.parse(service.get("tags")))


def _is_wanted(reads: Reads, resource_id: str) -> bool:
    return resource_id.rpartition("/")[2] in reads.desired.names("scalable_target")


def _describe_targets(reads: Reads, ids: list[str]) -> list[Raw]:
    params: dict[str, Any] = {"ResourceIds": ids, **SCALABLE_DIMENSION}
    return reads.pages("application-autoscaling", "describe_scalable_targets", "ScalableTargets[]", **params)


def _describe_scheduled_actions(reads: Reads) -> list[Raw]:
    """Return the scheduled actions of all ECS services of the account, 50 in a page."""
    params: dict[str, Any] = {"ServiceNamespace": SCALABLE_DIMENSION["ServiceNamespace"]}
    return reads.pages("application-autoscaling", "describe_scheduled_actions", "ScheduledActions[]", **params)


def _describe_policies(reads: Reads, ids: list[str]) -> list[Raw]:
    """Return the policies of these targets, and perhaps those of others.

    One list of all costs fewer calls, but AWS gives its pages one after another: where the account has many
    more policies than these targets may have, each target is asked for.
    """
    # Without the dimension: AWS takes one only with a resource (API reference); ECS has no other.
    params: dict[str, Any] = {"ServiceNamespace": SCALABLE_DIMENSION["ServiceNamespace"]}
    at_most = POLICIES_PER_PAGE * ceil((POLICIES_PER_TARGET * len(ids) + 1) / POLICIES_PER_PAGE)
    listed = reads.few(*DESCRIBE_POLICIES, at_most, **params)
    if listed is None:
        return [policy for found in reads.map(partial(_describe_policies_of, reads), ids) for policy in found]
    return listed


def _describe_policies_of(reads: Reads, resource_id: str) -> list[Raw]:
    params: dict[str, Any] = {"ResourceId": resource_id, **SCALABLE_DIMENSION}
    return reads.pages(*DESCRIBE_POLICIES, **params)


def clashes(live: ScalableTarget, want: ScalableTarget) -> bool:
    """Tell whether both have the same name: a late deregistration would then delete the new target too."""
    return live.name == want.name


KIND = Kind(
    ScalableTarget,
    read,
    ensure_scalable_target,
    remove,
    relations=Relations(clashes=clashes, parents=lambda target: target.ecs_service),
    severities=SEVERITIES,
    indexed_as="ecs:service/",
    touched_by=TouchedBy(
        "autoscaling.amazonaws.com",
        {"resourceId": "id"},
        made_by=("RegisterScalableTarget",),
        deleted_by=("DeregisterScalableTarget",),
        changed_by={
            "policies": ("PutScalingPolicy", "DeleteScalingPolicy"),
            "schedules": ("PutScheduledAction", "DeleteScheduledAction"),
            "": ("RegisterScalableTarget",),
            TAGS: ("TagResource", "UntagResource"),
        },
        parameters={
            "policies": "policyName",
            "schedules": "scheduledActionName",
            "suspended": "suspendedState",
        },
    ),
    actions=actions(
        "application-autoscaling",
        "DeleteScalingPolicy DeleteScheduledAction DeregisterScalableTarget DescribeScalableTargets "
        "DescribeScalingPolicies DescribeScheduledActions PutScalingPolicy PutScheduledAction "
        "RegisterScalableTarget",
    )
    | actions(
        "ecs",
        "DescribeClusters DescribeServices DescribeTaskDefinition DescribeTasks ListClusters "
        "ListServices ListTaskDefinitionFamilies ListTaskDefinitions ListTasks",
    )
    | actions("iam", "CreateServiceLinkedRole"),
)
