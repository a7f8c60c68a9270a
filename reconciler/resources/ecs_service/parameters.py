"""Convert services to and from ECS's form: `PARAMETERS` has one row for each parameter of CreateService."""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from reconciler.resources.ecs_cluster.parameters import decode_share, encode_strategy
from reconciler.resources.ecs_service.deployment_configuration import (
    DEPLOYMENT_FIELDS,
    decode_deployment,
    encode_deployment,
)
from reconciler.resources.ecs_service.spec import EcsService, Target

Raw = Mapping[str, Any]


class Parameter(NamedTuple):
    """A parameter of CreateService and UpdateService, and the spec's fields that it is made of."""

    name: str
    fields: tuple[str, ...]
    encode: Callable[[EcsService], Any]
    """Return its value. None and an empty list are not sent to CreateService."""
    decode: Callable[[Raw], Mapping[str, Any]]
    """Return the fields, given a service of DescribeServices."""


def _field(field: str, name: str, default: Any) -> Parameter:
    """Return the row of a parameter that is one field, with `default` for an answer without it."""
    return Parameter(
        name, (field,), lambda want: getattr(want, field), lambda raw: {field: raw.get(name, default)}
    )


def _encode_network(want: EcsService) -> dict[str, Any]:
    network = {
        "subnets": sorted(want.subnets),
        "securityGroups": sorted(want.security_groups),
        "assignPublicIp": "ENABLED" if want.public_address else "DISABLED",
    }
    return {"awsvpcConfiguration": network}


def _decode_network(raw: Raw) -> dict[str, Any]:
    network = raw.get("networkConfiguration", {}).get("awsvpcConfiguration", {})
    return {
        "subnets": frozenset(network.get("subnets", ())),
        "security_groups": frozenset(network.get("securityGroups", ())),
        "public_address": network.get("assignPublicIp") == "ENABLED",
    }


def _encode_targets(want: EcsService) -> list[dict[str, Any]]:
    return [
        {"targetGroupArn": t.target_group, "containerName": t.container, "containerPort": t.port}
        for t in sorted(want.targets, key=lambda t: (t.container, t.port, t.target_group))
    ]


def _decode_targets(raw: Raw) -> dict[str, Any]:
    return {"targets": frozenset(map(_decode_target, raw.get("loadBalancers", ())))}


def _decode_target(balancer: Raw) -> Target:
    group = balancer.get("targetGroupArn") or balancer.get("loadBalancerName", "")
    container = balancer.get("containerName", "")
    return Target(target_group=group, container=container, port=balancer.get("containerPort", 0))


PARAMETERS = (
    _field("task_definition", "taskDefinition", ""),
    _field("desired_count", "desiredCount", 0),
    Parameter(
        "capacityProviderStrategy",
        ("capacity_providers",),
        lambda want: encode_strategy(want.capacity_providers),
        lambda raw: {
            "capacity_providers": {
                item["capacityProvider"]: decode_share(item) for item in raw.get("capacityProviderStrategy", ())
            }
        },
    ),
    Parameter(
        "networkConfiguration",
        ("subnets", "security_groups", "public_address"),
        _encode_network,
        _decode_network,
    ),
    Parameter("loadBalancers", ("targets",), _encode_targets, _decode_targets),
    Parameter(
        "serviceRegistries",
        ("registries",),
        lambda want: [{"registryArn": registry} for registry in sorted(want.registries)],
        lambda raw: {"registries": frozenset(r["registryArn"] for r in raw.get("serviceRegistries", ()))},
    ),
    Parameter(
        "deploymentConfiguration",
        DEPLOYMENT_FIELDS,
        encode_deployment,
        decode_deployment,
    ),
    _field("grace_period", "healthCheckGracePeriodSeconds", 0),
    _field("propagate_tags", "propagateTags", "NONE"),
    _field("managed_tags", "enableECSManagedTags", default=False),
    _field("execute_command", "enableExecuteCommand", default=False),
)

# What a task gets as it starts. ECS changes it for new tasks only (ECS API reference, UpdateService): ECS Exec
# cannot enter a task that ran before it was switched on (copilot-cli#3380).
TASK_START_FIELDS = ("execute_command", "propagate_tags", "managed_tags")

# A difference in these forces a new deployment: without one, running tasks stay as they are (ECS API reference,
# UpdateService).
NEW_DEPLOYMENT_FIELDS = ("capacity_providers", "images", "deployment", "lost_by_tasks", *TASK_START_FIELDS)

# A difference in these begins a deployment by itself.
DEPLOYED_FIELDS = ("task_definition", "subnets", "security_groups", "public_address", "targets", "registries")


def from_aws(raw: Raw) -> EcsService:
    """Return the spec of a service of DescribeServices, without what AWS fills in by itself."""
    fields = {field: value for row in PARAMETERS for field, value in row.decode(raw).items()}
    return EcsService(name=raw["serviceName"], cluster=raw["clusterArn"].rpartition("/")[2], **fields)
