"""Check the parameters of an application load balancer, and refuse them with ELBv2's messages."""

import re
from typing import Any

from moto.elbv2.exceptions import ELBClientError


def check_name(name: str) -> None:
    """Refuse a name with an invalid length, character, beginning or end."""
    problem = None
    if len(name) > 32:  # noqa: PLR2004 - AWS's limit
        problem = "cannot be longer than '32' characters"
    elif not re.fullmatch(r"[a-zA-Z0-9-]+", name):
        problem = "can only contain characters that are alphanumeric characters and hyphens(-)"
    elif name.startswith("-") or name.endswith("-"):
        problem = "cannot begin or end with '-'"
    elif name.startswith("internal-"):
        problem = "cannot begin with 'internal-'"
    if problem:
        raise ELBClientError("ValidationError", f"The load balancer name '{name}' {problem}")


def find_subnets(elb: Any, subnet_ids: list[str]) -> list[Any]:
    """Return the subnets with these ids. Raises SubnetNotFound."""
    known = {subnet.id: subnet for subnet in elb.ec2_backend.describe_subnets()}
    for subnet_id in subnet_ids:
        if subnet_id not in known:
            raise ELBClientError("SubnetNotFound", f"The subnet ID '{subnet_id}' does not exist")
    return [known[subnet_id] for subnet_id in subnet_ids]


def check_zones(subnets: list[Any]) -> None:
    """Refuse two subnets of one zone, and fewer than two zones."""
    zones = {subnet.availability_zone for subnet in subnets}
    if len(zones) < len(subnets):
        message = "A load balancer cannot be attached to multiple subnets in the same Availability Zone"
        raise ELBClientError("InvalidConfigurationRequest", message)
    if len(zones) < 2:  # noqa: PLR2004 - an application load balancer spans two zones at least
        message = "At least two subnets in two different Availability Zones must be specified"
        raise ELBClientError("ValidationError", message)


def check_groups(elb: Any, group_ids: list[str], vpc_id: str) -> None:
    """Refuse security groups that are absent or of another VPC."""
    for group_id in group_ids:
        group = elb.ec2_backend.get_security_group_from_id(group_id)
        if group is None:
            raise ELBClientError("InvalidSecurityGroup", f"Security group '{group_id}' does not exist")
        if group.vpc_id != vpc_id:
            raise ELBClientError("InvalidConfigurationRequest", "One or more security groups are invalid")


def check_gateway(elb: Any, vpc_id: str, scheme: str) -> None:
    """Refuse an internet-facing load balancer in a VPC without an internet gateway."""
    gateways = elb.ec2_backend.internet_gateways.values()
    default = elb.ec2_backend.vpcs[vpc_id].is_default  # AWS's own has a gateway; moto's has none
    if scheme == "internet-facing" and not default and not any(g.vpc and g.vpc.id == vpc_id for g in gateways):
        raise ELBClientError("InvalidSubnet", f"VPC {vpc_id} has no internet gateway")
