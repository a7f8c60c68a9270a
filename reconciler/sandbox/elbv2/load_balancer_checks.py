"""Check the parameters of a load balancer, and refuse them with ELBv2's messages."""

import re
from collections.abc import Mapping
from typing import Any

from reconciler.sandbox.elbv2.quotas import QUOTAS
from reconciler.sandbox.elbv2.refusals import invalid, misconfigured, refuse

FREE_ADDRESSES = 8  # of a subnet, at least (lb-controller#1233)


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
        invalid(f"The load balancer name '{name}' {problem}")


def find_subnets(elb: Any, subnet_ids: list[str], mappings: list[Mapping[str, Any]]) -> list[Any]:
    """Return the subnets with these ids, given in one of two ways. Raises SubnetNotFound."""
    if subnet_ids and mappings:
        invalid("Subnets and subnet mappings cannot be specified at the same time")
    ids = [*subnet_ids, *(mapping["SubnetId"] for mapping in mappings)]
    if not ids:
        invalid("You must specify either subnets or subnet mappings")
    known = {subnet.id: subnet for subnet in elb.ec2_backend.describe_subnets()}
    for subnet_id in ids:
        if subnet_id not in known:
            refuse("SubnetNotFound", f"The subnet ID '{subnet_id}' does not exist")
    for mapping in mappings:
        _check_allocation(elb, mapping.get("AllocationId"))
    return [known[subnet_id] for subnet_id in ids]


def _check_allocation(elb: Any, allocation_id: str | None) -> None:
    addresses = {address.allocation_id for address in elb.ec2_backend.addresses}
    if allocation_id is not None and allocation_id not in addresses:
        refuse("AllocationIdNotFound", f"The allocation ID '{allocation_id}' does not exist")


def check_placement(subnets: list[Any], kind: str, ip_address_type: str) -> None:
    """Refuse subnets of several VPCs, two of one zone, too few zones, and too few addresses."""
    vpcs = {subnet.vpc_id for subnet in subnets}
    if len(vpcs) > 1:
        misconfigured(f"All subnets must belong to the same VPC: '{', '.join(sorted(vpcs))}'")
    zones = {subnet.availability_zone for subnet in subnets}
    if len(zones) < len(subnets):
        misconfigured("A load balancer cannot be attached to multiple subnets in the same Availability Zone")
    if kind == "application" and len(zones) < 2:  # noqa: PLR2004 - it spans two zones at least
        invalid("At least two subnets in two different Availability Zones must be specified")
    if ip_address_type != "ipv4" and not all(s.ipv6_cidr_block_associations for s in subnets):
        misconfigured("You must specify subnets with an associated IPv6 CIDR block.")


def check_space(subnets: list[Any]) -> None:
    """Refuse subnets that have too few free addresses for the load balancer's nodes."""
    for subnet in subnets:
        if subnet.available_ip_address_count < FREE_ADDRESSES:
            refuse(
                "InvalidSubnet",
                f"Not enough IP space available in {subnet.id}. "
                f"ELB requires at least {FREE_ADDRESSES} free IP addresses in each subnet.",
            )


def check_groups(elb: Any, group_ids: list[str], vpc_id: str) -> None:
    """Refuse security groups that are absent or of another VPC."""
    for group_id in group_ids:
        group = elb.ec2_backend.get_security_group_from_id(group_id)
        if group is None:
            refuse("InvalidSecurityGroup", f"Security group '{group_id}' does not exist")
        if group.vpc_id != vpc_id:
            misconfigured("One or more security groups are invalid")


def check_gateway(elb: Any, vpc_id: str, scheme: str) -> None:
    """Refuse an internet-facing load balancer in a VPC without an internet gateway."""
    gateways = elb.ec2_backend.internet_gateways.values()
    default = elb.ec2_backend.vpcs[vpc_id].is_default  # AWS's own has a gateway; moto's has none
    if scheme == "internet-facing" and not default and not any(g.vpc and g.vpc.id == vpc_id for g in gateways):
        refuse("InvalidSubnet", f"VPC {vpc_id} has no internet gateway")


def check_count(elb: Any, kind: str) -> None:
    """Refuse one load balancer more than an account has in a region (ELB user guides, quotas)."""
    if (
        sum(balancer.type == kind for balancer in elb.load_balancers.values())
        >= QUOTAS[f"{kind}-load-balancers"]
    ):
        refuse("TooManyLoadBalancers", "The maximum number of load balancers has been reached")
