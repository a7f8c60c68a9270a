"""Check the network of a service or a task, and refuse it with ECS's messages."""

from typing import Any

from moto.ec2 import ec2_backends
from moto.ecs.exceptions import InvalidParameterException

SUBNETS_LIMIT, GROUPS_LIMIT = 16, 5  # ECS API reference, AwsVpcConfiguration


def check_network(ecs: Any, mode: str, configuration: dict[str, Any], *, fargate: bool) -> None:
    """Refuse subnets and groups that are absent or of two VPCs, given the task definition's network mode."""
    network = configuration.get("awsvpcConfiguration")
    if mode != "awsvpc":
        if network:
            message = "Network Configuration is not valid for the given networkMode of this task definition."
            raise InvalidParameterException(message)
        return
    if not network:
        message = "Network Configuration must be provided when networkMode 'awsvpc' is specified."
        raise InvalidParameterException(message)
    if network.get("assignPublicIp") == "ENABLED" and not fargate:
        raise InvalidParameterException("Assign public IP is not supported for this launch type.")
    subnets, groups = network.get("subnets", []), network.get("securityGroups", [])
    _check_lengths(subnets, groups)
    ec2 = ec2_backends[ecs.account_id][ecs.region_name]
    vpcs = {_vpc_of_subnet(ec2, subnet) for subnet in subnets}
    if len(vpcs) > 1:
        raise InvalidParameterException("The specified subnets must belong to the same VPC.")
    for group in groups:
        _check_group(ec2, group, vpcs)


def _check_lengths(subnets: list[str], groups: list[str]) -> None:
    if not subnets:
        raise InvalidParameterException("subnets can not be empty.")
    if len(subnets) > SUBNETS_LIMIT:
        raise InvalidParameterException(f"subnets can have at most {SUBNETS_LIMIT} items.")
    if len(groups) > GROUPS_LIMIT:
        raise InvalidParameterException(f"securityGroups can have at most {GROUPS_LIMIT} items.")


def _vpc_of_subnet(ec2: Any, subnet_id: str) -> str:
    for subnet in ec2.describe_subnets():
        if subnet.id == subnet_id:
            return str(subnet.vpc_id)
    raise InvalidParameterException(
        f"Error retrieving subnet information for [{subnet_id}]: The subnet ID '{subnet_id}' does not exist "
        "(ErrorCode: InvalidSubnetID.NotFound)"
    )


def _check_group(ec2: Any, group_id: str, vpcs: set[str]) -> None:
    group = ec2.get_security_group_from_id(group_id)
    if group is None:
        raise InvalidParameterException(
            f"Error retrieving security group information for [{group_id}]: The security group '{group_id}' does "
            "not exist (ErrorCode: InvalidGroup.NotFound)"
        )
    if group.vpc_id not in vpcs:  # aws-dotnet-deploy#735
        message = f"Security group {group_id} does not appear to belong to the same VPC as the input subnets."
        raise InvalidParameterException(message)
