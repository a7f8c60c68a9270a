"""Check the parameters of services, and refuse them with ECS's messages."""

import re
from typing import Any

from moto.ec2 import ec2_backends
from moto.ecs.exceptions import EcsClientException, InvalidParameterException
from moto.elbv2 import elbv2_backends
from moto.servicediscovery import servicediscovery_backends

from reconciler.sandbox.elbv2.target_groups import used_groups

PROVIDERS_LIMIT = 20  # of a strategy (ECS API reference)
BALANCERS_LIMIT = 5  # of a service (terraform#25306)
TAGS_LIMIT = 50  # of a resource
NAME_PATTERN = re.compile(r"[A-Za-z0-9_-]{1,255}")


def check_create(name: str, tags: list[dict[str, str]]) -> None:
    """Refuse a name of a cluster or a service that ECS does not allow, and more than 50 tags."""
    if not NAME_PATTERN.fullmatch(name):
        message = (
            "Names must be up to 255 letters (uppercase and lowercase), numbers, underscores, and hyphens."
        )
        raise InvalidParameterException(message)
    if len(tags) > TAGS_LIMIT:
        raise InvalidParameterException(f"The number of tags must not be more than {TAGS_LIMIT}.")


def check_service(ecs: Any, cluster: Any, fields: dict[str, Any], *, sent: set[str]) -> None:
    """Refuse fields that AWS refuses. `sent` has the names of the fields in the call.

    An INACTIVE task definition is refused only if it is sent.
    """
    if cluster.status != "ACTIVE":
        raise InvalidParameterException("The referenced cluster was inactive.")
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
    _check_rebalancing(fields)
    check_strategy(cluster, fields.get("capacityProviderStrategy", []))
    _check_network(ecs, definition, fields)
    if len(fields["loadBalancers"]) > BALANCERS_LIMIT:
        raise InvalidParameterException(f"load balancers can have at most {BALANCERS_LIMIT} items.")
    for balancer in fields["loadBalancers"]:
        _check_container(definition, balancer)
        _check_target_group(ecs, definition, balancer)
    for registry in fields["serviceRegistries"]:
        _check_registry(ecs, registry)
    if "healthCheckGracePeriodSeconds" in sent and not fields["loadBalancers"]:
        message = "Health check grace period is only valid for services configured to use load balancers"
        raise InvalidParameterException(message)


def _check_rebalancing(fields: dict[str, Any]) -> None:
    """Refuse rebalancing without room above 100 %, also by default (aws-cdk#32259; message not documented)."""
    most = fields["deploymentConfiguration"]["maximumPercent"]
    if (
        fields["schedulingStrategy"] == "REPLICA"
        and fields["availabilityZoneRebalancing"] == "ENABLED"
        and most <= 100  # noqa: PLR2004 - percent of the desired count
    ):
        raise InvalidParameterException(
            "Availability Zone rebalancing is not supported for services whose maximumPercent is 100 or less."
        )


def check_strategy(cluster: Any, strategy: list[dict[str, Any]]) -> None:
    """Refuse over 20 items, two bases, and providers not of the cluster (ECS API reference, CreateService)."""
    if len(strategy) > PROVIDERS_LIMIT:
        message = f"A capacity provider strategy can contain a maximum of {PROVIDERS_LIMIT} capacity providers."
        raise InvalidParameterException(message)
    if sum(item.get("base", 0) > 0 for item in strategy) > 1:
        raise InvalidParameterException(
            "Only one capacity provider in a strategy can have a base greater than 0."
        )
    for item in strategy:
        if item["capacityProvider"] not in (cluster.capacity_providers or []):
            message = (
                "The specified capacity provider strategy cannot contain a capacity provider that is not associated "
                "with the cluster. Associate the capacity provider with the cluster and try again."
            )
            raise InvalidParameterException(message)


def _check_network(ecs: Any, definition: Any, fields: dict[str, Any]) -> None:
    network = fields.get("networkConfiguration", {}).get("awsvpcConfiguration")
    if definition.network_mode != "awsvpc":
        return
    if not network:
        message = "Network Configuration must be provided when networkMode 'awsvpc' is specified."
        raise InvalidParameterException(message)
    if not network["subnets"]:
        raise InvalidParameterException("subnets can not be empty.")
    ec2 = ec2_backends[ecs.account_id][ecs.region_name]
    known = {subnet.id for subnet in ec2.describe_subnets()}
    for subnet_id in network["subnets"]:
        if subnet_id not in known:
            raise InvalidParameterException(
                f"Error retrieving subnet information for [{subnet_id}]: The subnet ID '{subnet_id}' does not exist "
                "(ErrorCode: InvalidSubnetID.NotFound)"
            )
    for group_id in network["securityGroups"]:
        if ec2.get_security_group_from_id(group_id) is None:
            raise InvalidParameterException(
                f"Error retrieving security group information for [{group_id}]: The security group '{group_id}' does "
                "not exist (ErrorCode: InvalidGroup.NotFound)"
            )


def _check_container(definition: Any, balancer: dict[str, Any]) -> None:
    name, port = balancer.get("containerName"), balancer.get("containerPort")
    container = next((c for c in definition.container_definitions if c["name"] == name), None)
    if container is None:
        raise InvalidParameterException(f"The container {name} does not exist in the task definition.")
    if port not in [mapping["containerPort"] for mapping in container["portMappings"]]:
        raise InvalidParameterException(f"The container {name} did not have a container port {port} defined.")


def _check_target_group(ecs: Any, definition: Any, balancer: dict[str, Any]) -> None:
    arn = balancer.get("targetGroupArn")
    elb = elbv2_backends[ecs.account_id][ecs.region_name]
    group = elb.target_groups.get(arn)
    if group is None:
        raise InvalidParameterException(f"The specified target group {arn} does not exist.")
    if definition.network_mode == "awsvpc" and group.target_type != "ip":
        raise InvalidParameterException(
            f"The provided target group {arn} has target type {group.target_type}, which is incompatible with the "
            "awsvpc network mode specified in the task definition."
        )
    if not any(arn in used_groups(balancer) for balancer in elb.load_balancers.values()):
        raise InvalidParameterException(
            f"The target group with targetGroupArn {arn} does not have an associated load balancer."
        )


def _check_registry(ecs: Any, registry: dict[str, Any]) -> None:
    discovery = servicediscovery_backends[ecs.account_id][ecs.region_name]
    if registry["registryArn"].rpartition("/")[2] not in discovery.services:
        raise InvalidParameterException(f"The service registry {registry['registryArn']} does not exist.")
