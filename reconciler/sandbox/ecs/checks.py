"""Check the parameters of services against what they name, and refuse them with ECS's messages."""

import re
from typing import Any

from moto.ecs.exceptions import EcsClientException, ECSException, InvalidParameterException

from reconciler.sandbox.ecs.network_checks import check_network
from reconciler.sandbox.ecs.service_values import check_percents
from reconciler.sandbox.ecs.strategy_checks import check_strategy, check_weights
from reconciler.sandbox.ecs.tag_checks import check_tags
from reconciler.sandbox.ecs.target_checks import check_targets

NAME_PATTERN = re.compile(r"[A-Za-z0-9_-]{1,255}")
FARGATE_PROVIDERS = ("FARGATE", "FARGATE_SPOT")  # built in, and never deleted
OLD_PLATFORMS = ("1.3.0", "1.2.0", "1.1.0", "1.0.0")


def check_create(name: str, tags: list[dict[str, str]]) -> None:
    """Refuse a name of a cluster or a service that ECS does not allow, and bad tags."""
    if not NAME_PATTERN.fullmatch(name):
        message = (
            "Names must be up to 255 letters (uppercase and lowercase), numbers, underscores, and hyphens."
        )
        raise InvalidParameterException(message)
    check_tags(tags)


def check_service(
    ecs: Any, cluster: Any, fields: dict[str, Any], *, sent: set[str], updated: bool = False
) -> None:
    """Refuse fields that AWS refuses. `sent` has the names of the fields in the call.

    An INACTIVE task definition is refused only if it is sent.
    """
    if "taskDefinition" not in fields:
        raise InvalidParameterException("TaskDefinition can not be blank.")
    definition = ecs.describe_task_definition(fields["taskDefinition"])
    if "taskDefinition" in sent and definition.status != "ACTIVE":
        raise EcsClientException("TaskDefinition is inactive")
    if {"capacityProviderStrategy", "launchType"} <= sent:
        raise InvalidParameterException(
            "Specifying both a launch type and capacity provider strategy is not supported."
        )
    if "role" in sent and definition.network_mode == "awsvpc":
        message = "You cannot specify an IAM role for services that require a service linked role."
        raise InvalidParameterException(message)
    strategy = fields.get("capacityProviderStrategy", [])
    check_strategy(cluster.capacity_providers or [], strategy)
    check_weights(strategy)
    check_percents(fields)
    fargate = on_fargate(fields)
    _check_capacity(definition, fields, sent, fargate=fargate)
    network = fields.get("networkConfiguration", {})
    check_network(ecs, definition.network_mode or "bridge", network, fargate=fargate)
    check_targets(ecs, definition, fields)
    if fields["enableExecuteCommand"] and not getattr(definition, "task_role_arn", None):
        raise InvalidParameterException(  # aws-toolkit-jetbrains#3649
            f"The service couldn't be {'updated' if updated else 'created'} because a valid taskRoleArn is not being "
            "used. Specify a valid task role in your task definition and try again."
        )


def on_fargate(fields: dict[str, Any]) -> bool:
    """Tell whether the tasks of a service with these fields run on Fargate."""
    strategy = fields.get("capacityProviderStrategy", [])
    if strategy:
        return strategy[0]["capacityProvider"] in FARGATE_PROVIDERS
    return bool(fields.get("launchType") == "FARGATE")


def _check_capacity(definition: Any, fields: dict[str, Any], sent: set[str], *, fargate: bool) -> None:
    """Refuse capacity that the task definition, the strategy or the platform version does not fit."""
    version = fields.get("platformVersion")
    if not fargate:
        if version and "platformVersion" in sent:
            message = "The platform version must be null when specifying an EC2 launch type."
            raise InvalidParameterException(message)
        return
    if "FARGATE" not in definition.compatibilities:  # aws-cli#3983
        raise InvalidParameterException("Task definition does not support launch_type FARGATE.")
    if fields["schedulingStrategy"] == "DAEMON":
        raise InvalidParameterException(
            "The daemon scheduling strategy does not support the FARGATE launch type."
        )
    for name in ("placementConstraints", "placementStrategy"):
        if fields[name]:
            raise InvalidParameterException(f"{name} is not supported with the FARGATE launch type.")
    newer = definition.ephemeral_storage or any("efsVolumeConfiguration" in v for v in definition.volumes)
    if version in OLD_PLATFORMS and newer:
        message = (
            "The specified platform version does not satisfy the required capabilities of the task definition."
        )
        raise ECSException("PlatformTaskDefinitionIncompatibilityException", message)
