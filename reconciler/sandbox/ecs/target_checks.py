"""Check what a service registers its tasks in, and refuse it with ECS's messages."""

from typing import Any

from moto.ecs.exceptions import InvalidParameterException
from moto.elbv2 import elbv2_backends
from moto.servicediscovery import servicediscovery_backends

from reconciler.sandbox.elbv2.target_groups import used_groups

BALANCERS_LIMIT = 5  # of a service (terraform#25306)


def check_targets(ecs: Any, definition: Any, fields: dict[str, Any]) -> None:
    """Refuse target groups and Cloud Map services that the tasks of this definition cannot be in."""
    if len(fields["loadBalancers"]) > BALANCERS_LIMIT:
        raise InvalidParameterException(f"load balancers can have at most {BALANCERS_LIMIT} items.")
    for balancer in fields["loadBalancers"]:
        if "targetGroupArn" in balancer and "loadBalancerName" in balancer:
            raise InvalidParameterException("Specify a target group or a load balancer name, but not both.")
        _check_container(definition, balancer.get("containerName"), balancer.get("containerPort"))
        _check_target_group(ecs, definition, balancer)
    if len(fields["serviceRegistries"]) > 1:
        raise InvalidParameterException("service registries can have at most 1 items.")
    for registry in fields["serviceRegistries"]:
        _check_registry(ecs, definition, registry)


def _check_container(definition: Any, name: str | None, port: int | None) -> None:
    container = next((c for c in definition.container_definitions if c["name"] == name), None)
    if container is None:
        raise InvalidParameterException(f"The container {name} does not exist in the task definition.")
    if port not in [mapping.get("containerPort") for mapping in container["portMappings"]]:
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


def _check_registry(ecs: Any, definition: Any, registry: dict[str, Any]) -> None:
    """Refuse ports that the records of the Cloud Map service do not have, and the lack of those they do.

    (umotif-public/terraform-aws-ecs-fargate#25, cloudposse/terraform-aws-ecs-web-app#208.)
    """
    arn = registry["registryArn"]
    discovery = servicediscovery_backends[ecs.account_id][ecs.region_name]
    found = discovery.services.get(arn.rpartition("/")[2])
    if found is None:
        raise InvalidParameterException(f"The service registry {arn} does not exist.")
    container = {"containerName", "containerPort"} & registry.keys()
    if "port" in registry and container:
        raise InvalidParameterException(
            "Specify a value for either 'port' or the 'containerName' and 'containerPort' combination, but not both. "
            f"Remove one and retry. Registry: {arn}"
        )
    records = {record["Type"] for record in (found.dns_config or {}).get("DnsRecords", [])}
    if definition.network_mode == "awsvpc" and records and "SRV" not in records:
        for name in ("port", "containerPort"):
            if name in registry:
                raise InvalidParameterException(
                    f"The values specified for serviceRegistries do not require a value for '{name}'. Remove the "
                    f"value and retry. Registry: {arn}"
                )
    if container:
        _check_container(definition, registry.get("containerName"), registry.get("containerPort"))
    elif definition.network_mode != "awsvpc":
        raise InvalidParameterException(
            "When specifying 'host' or 'bridge' for networkMode, values for 'containerName' and 'containerPort' must "
            f"be specified from the task definition. Registry: {arn}"
        )
    elif "SRV" in records and "port" not in registry:
        raise InvalidParameterException(
            "The values specified for serviceRegistries require a value for 'port', or for 'containerName' and "
            f"'containerPort'. Registry: {arn}"
        )
