"""The /64 of a subnet in its VPC's IPv6 block, and the calls that change it. A subnet has one at most."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from ipaddress import IPv6Network
from typing import Any

from reconciler.model.newness import if_new
from reconciler.model.references import Ref, Text
from reconciler.model.steps import BlockerQuery, Call, Step, Wait
from reconciler.resources.network_interfaces import GONE_WITHIN
from reconciler.resources.vpc_ipv6 import PREFIX

ASSOCIATED = ("associating", "associated")
SUBNET_IPV6_ASSOCIATED = {
    "operation": "DescribeSubnets",
    "acceptors": [
        {
            "matcher": "pathAny",
            "argument": "Subnets[].Ipv6CidrBlockAssociationSet[].Ipv6CidrBlockState.State",
            "expected": "associated",
            "state": "success",
        },
        *(
            {"matcher": "error", "expected": code, "state": "retry"}
            for code in ("InvalidSubnetID.NotFound", "InvalidSubnetId.NotFound")
        ),
    ],
}
# While it gives addresses to new interfaces, or one has an address of it (terraform-provider-aws#1519, #46017).
IN_USE = ("InvalidCidrBlock.InUse",)
NOT_FOUND = ("InvalidSubnetCidrBlockAssociationID.NotFound",)
HAS_IPV6 = "NetworkInterfaces[?Ipv6Addresses]"


def find_block(subnet: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the association of a subnet of DescribeSubnets with its /64; nothing if it has none."""
    blocks = subnet.get("Ipv6CidrBlockAssociationSet", ())
    return next((b for b in blocks if b.get("Ipv6CidrBlockState", {}).get("State") in ASSOCIATED), {})


def find_number(block: Mapping[str, Any]) -> str:
    """Return the number of a /64 in the /56 around it: its last two hexadecimal digits; nothing without one."""
    if not block:
        return ""
    prefix = int(IPv6Network(block["Ipv6CidrBlock"]).network_address) >> 64
    return f"{prefix & 0xFF:02x}"


def as_block(vpc: Ref, number: str) -> Text:
    """Return the /64 with this number in a VPC's block."""
    return Text(f"{{}}{number}::/64", (replace(vpc, attr=PREFIX),))


def wait_for_block(subnet: Ref) -> Wait:
    """Return the wait until the subnet has its /64, without which it gives no addresses."""
    return Wait("ec2", "subnet_ipv6_associated", {"SubnetIds": [subnet]}, SUBNET_IPV6_ASSOCIATED)


def associate(subnet: Ref, vpc: Ref, number: str, not_found: tuple[str, ...]) -> Iterator[Step]:
    """Yield the steps that give a subnet its /64, given EC2's codes for a subnet that is not there."""
    params = {"SubnetId": subnet, "Ipv6CidrBlock": as_block(vpc, number)}
    not_yet = if_new(not_found, subnet)
    yield Call("ec2", "associate_subnet_cidr_block", params, retry=not_yet, patience=300)
    yield wait_for_block(subnet)


def disassociate(subnet: str, association: str) -> Call:
    """Return the call that takes the /64 from a subnet, given the id of the association."""
    where = {"Filters": [{"Name": "subnet-id", "Values": [subnet]}]}
    path = f"{HAS_IPV6}.[NetworkInterfaceId, Description, Status]"
    return Call(
        "ec2",
        "disassociate_subnet_cidr_block",
        {"AssociationId": association},
        ignore=NOT_FOUND,
        retry=IN_USE,
        patience=GONE_WITHIN,
        blockers=(BlockerQuery("ec2", "describe_network_interfaces", where, path),),
    )


def assign(subnet: Ref, not_found: tuple[str, ...], *, on: bool) -> Call:
    """Return the call that says whether new interfaces in the subnet get an IPv6 address."""
    params = {"SubnetId": subnet, "AssignIpv6AddressOnCreation": {"Value": on}}
    return Call("ec2", "modify_subnet_attribute", params, retry=if_new(not_found, subnet), patience=300)
