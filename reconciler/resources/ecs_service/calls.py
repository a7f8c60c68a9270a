"""The calls that create, change and delete an ECS service. An update sends only what differs."""

from collections.abc import Iterator, Mapping
from typing import Any

from reconciler.model import tags
from reconciler.model.newness import IN_FORCE_WITHIN, if_new
from reconciler.model.spec import Live
from reconciler.model.steps import Call, ErrorMatch, ErrorMatches, Later, Rollout, Step, Wait
from reconciler.resources import blocker_queries
from reconciler.resources.ecs_cluster.calls import NO_SERVICE_ROLE
from reconciler.resources.ecs_service.deployment_configuration import BREAKER_LIMITS, encode_deployment
from reconciler.resources.ecs_service.parameters import NEW_DEPLOYMENT_FIELDS, PARAMETERS
from reconciler.resources.ecs_service.spec import IN_PROGRESS, EcsService
from reconciler.resources.ecs_service.targets import leaves_all_with_port, targets_meanwhile

# ECS uses one code for temporary and for permanent errors (terraform-provider-aws, ecs/service.go).
RACE_PATIENCE = 240  # seconds in which load balancing comes into force
NOT_YET = (
    ErrorMatch("InvalidParameterException", "does not have an associated load balancer", RACE_PATIENCE),
    *NO_SERVICE_ROLE,
)
ROLE_NOT_YET = tuple(
    ErrorMatch("InvalidParameterException", words, IN_FORCE_WITHIN)
    for words in ("unable to assume role", "verify that the ECS service role being passed has the proper")
)
NETWORK_NOT_YET = tuple(  # ECS tells EC2's errors about subnets and groups created seconds ago
    ErrorMatch("InvalidParameterException", code, RACE_PATIENCE)
    for code in ("InvalidSubnetID.NotFound", "InvalidGroup.NotFound")
)
DRAINING = ErrorMatch("InvalidParameterException", "draining")  # its namesake
CLUSTER_NOT_FOUND = ErrorMatch("ClusterNotFoundException", "", RACE_PATIENCE)
SERVICE_NOT_FOUND = ErrorMatch(
    "ServiceNotFoundException", "", RACE_PATIENCE
)  # though DescribeServices has shown it (terraform#15073)
NOT_YET_ON_DELETE = (
    ErrorMatch("InvalidParameterException", "cannot be stopped while deployments are active"),
    ErrorMatch("InvalidParameterException", "cannot be stopped while it is scaled above 0"),
    ErrorMatch("DependencyViolation", "has a dependent object"),
)
NOT_FOUND = ("ServiceNotFoundException", "ServiceNotActiveException", "ClusterNotFoundException")
SERVICE_INACTIVE = {
    "operation": "DescribeServices",
    "acceptors": [
        {"matcher": "path", "argument": "services[0].status", "expected": "INACTIVE", "state": "success"},
        {"matcher": "path", "argument": "failures[0].reason", "expected": "MISSING", "state": "success"},
        {"matcher": "error", "expected": "ClusterNotFoundException", "state": "success"},
    ],
}
LEAVES_LAST = Later(
    "targets", "its tasks leave the other target groups last, in a rollout of its own", last=True
)
DESIRED_COUNT_PERCENT = 100  # the desired count, as a percentage of itself
PRIMARY_DEPLOYMENT_ID = "service.deployments[?status=='PRIMARY'].id | [0]"


def ensure_service(want: EcsService, live: Live[EcsService] | None) -> Iterator[Step | Later]:
    if not live:
        cluster = {"cluster": want.cluster}
        # No clientToken: after a delete by hand the same token would be sent again, for the deleted service.
        # It is not needed: the name is unique in its cluster, and lost answers are recovered.
        params = cluster | {"serviceName": want.name} | _encode_create(want)
        params |= {"tags": tags.encode(want.tags, "key")} if want.tags else {}
        outputs = {
            "id": "service.serviceName",
            "arn": "service.serviceArn",
            "deployment": PRIMARY_DEPLOYMENT_ID,
        }
        not_yet = (*_not_yet(want), DRAINING, *if_new((CLUSTER_NOT_FOUND,), want.cluster))
        yield Call("ecs", "create_service", params, outputs, retry=not_yet, patience=want.stops_within)
        yield _rollout(want)
        return
    yield from tags.retag(tags.ECS, want, live)
    if leaves_all_with_port(want, live.spec):
        yield LEAVES_LAST
    meanwhile = want.model_copy(update={"targets": targets_meanwhile(want, live.spec)})
    if changed := _encode_update(meanwhile, live.spec):
        yield _update(want, changed)
    if changed or live.spec.deployment == IN_PROGRESS:
        yield _rollout(meanwhile)
    if meanwhile.targets != want.targets:
        yield LEAVES_LAST
        yield _update(want, _encode_update(want, meanwhile))
        yield _rollout(want)


def _update(want: EcsService, changed: Mapping[str, Any]) -> Call:
    params = {"cluster": want.cluster, "service": want.ref(), **changed}
    outputs = {"deployment": PRIMARY_DEPLOYMENT_ID}
    not_yet = (*_not_yet(want), *if_new((SERVICE_NOT_FOUND,), want.ref()))
    return Call("ecs", "update_service", params, outputs, retry=not_yet, patience=IN_FORCE_WITHIN)


def _not_yet(want: EcsService) -> ErrorMatches:
    """Return the errors of a create and an update that pass.

    ECS validates a target group with a role, which may be new.
    """
    made = (*want.roles, *sorted(target.target_group for target in want.targets))
    network = (*sorted(want.subnets), *sorted(want.security_groups))
    of_roles = if_new(ROLE_NOT_YET, *made) if made else ()
    of_network = if_new(NETWORK_NOT_YET, *network) if network else ()
    return (*NOT_YET, *of_roles, *of_network)


def _rollout(want: EcsService) -> Rollout:
    deployment = {"cluster": want.cluster, "service": want.ref(), "deployment": want.ref("deployment")}
    return Rollout(deployment, want.settles_within, roles=want.roles)


def _encode_create(want: EcsService) -> dict[str, Any]:
    params = {row.name: row.encode(want) for row in PARAMETERS} | _encode_rebalancing(want)
    if params["desiredCount"] is None:
        params["desiredCount"] = want.initial_count
    if not want.targets:
        params["healthCheckGracePeriodSeconds"] = None
    return {name: value for name, value in params.items() if value not in (None, [])}


def _encode_update(want: EcsService, live: EcsService) -> dict[str, Any]:
    """Return the parameters that differ.

    Load balancers that did not change are never sent, as ECS would act on them (kayac/ecspresso#936).
    """
    changed = {row.name: row.encode(want) for row in PARAMETERS if differs(want, live, *row.fields)}
    if differs(want, live, *BREAKER_LIMITS):
        changed["deploymentConfiguration"] = encode_deployment(want, limits=True)
    changed |= {"forceNewDeployment": True} if differs(want, live, *NEW_DEPLOYMENT_FIELDS) else {}
    return changed | (_encode_rebalancing(want, live) if "deploymentConfiguration" in changed else {})


def differs(want: EcsService, live: EcsService, *fields: str) -> bool:
    """Tell whether one of the fields is to be changed."""
    return any(_differs(want, live, field) for field in fields)


def _differs(want: EcsService, live: EcsService, field: str) -> bool:
    new, old = getattr(want, field), getattr(live, field)
    unknown = (field == "images" and old is None) or (field == "deployment" and old == IN_PROGRESS)
    return new is not None and new != old and not unknown


def _encode_rebalancing(want: EcsService, live: EcsService | None = None) -> dict[str, str]:
    """Return the parameter that turns rebalancing off if no task may exceed the desired count, or on again.

    ECS refuses rebalancing if no task may exceed the desired count (aws-cdk#32259).
    """
    if want.maximum_percent <= DESIRED_COUNT_PERCENT:
        return {"availabilityZoneRebalancing": "DISABLED"}
    was_off = live is not None and live.maximum_percent <= DESIRED_COUNT_PERCENT
    return {"availabilityZoneRebalancing": "ENABLED"} if was_off else {}


def remove(live: Live[EcsService]) -> Iterator[Step]:
    cluster, name, patience = live.spec.cluster.name, live.outputs["id"], live.spec.stops_within
    if not live.spec.draining:  # ECS would refuse to delete a DRAINING service for ever
        params = {"cluster": cluster, "service": name, "force": True}
        yield Call(
            "ecs", "delete_service", params, ignore=NOT_FOUND, retry=NOT_YET_ON_DELETE, patience=patience
        )
    params = {"cluster": cluster, "services": [name]}
    yield Wait(
        "ecs",
        "service_inactive",
        params,
        model=SERVICE_INACTIVE,
        why="services[0].[status, events[0].message]",
        patience=patience,
        blockers=(blocker_queries.stopping_tasks(cluster, name),),
    )
