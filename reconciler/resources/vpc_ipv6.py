"""The IPv6 block of a VPC, a /56 of Amazon's. Those that it gave up stay listed (hashicorp/terraform#12895)."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from reconciler.aws.jmes import search
from reconciler.model.references import Ref
from reconciler.model.steps import Call, Later, Step, Wait

PREFIX = "ipv6_prefix"  # the output of a VPC that the /64s of its subnets begin with

ASSOCIATIONS = "Ipv6CidrBlockAssociationSet"
_IN_FORCE = "Ipv6CidrBlockState.State=='associated' && ends_with(Ipv6CidrBlock, '/56')"
# Of several, which a lost answer or a person may have added, always the same one.
_PREFIX_PATH = f"slash_64s(sort_by({ASSOCIATIONS}[?{_IN_FORCE}], &AssociationId)[0].Ipv6CidrBlock)"
_IDS_PATH = f"{ASSOCIATIONS}[?Ipv6CidrBlockState.State=='associating' || {_IN_FORCE}].AssociationId"
IPV6_ASSOCIATED = {
    "operation": "DescribeVpcs",
    "acceptors": [
        {
            "matcher": "pathAny",
            "argument": f"Vpcs[].{ASSOCIATIONS}[].Ipv6CidrBlockState.State",
            "expected": "associated",
            "state": "success",
        },
        {"matcher": "error", "expected": "InvalidVpcID.NotFound", "state": "retry"},
    ],
}
GIVEN_UP_LAST = Later(
    "ipv6", "the VPC gives up its IPv6 block last, once no subnet has a part of it", last=True
)
NOT_FOUND = ("InvalidVpcCidrBlockAssociationID.NotFound",)
IN_USE = ("InvalidCidrBlock.InUse",)  # a subnet has a part of it (terraform-provider-aws#29077)


def find_prefix(vpc: Mapping[str, Any]) -> str | None:
    """Return what the /64s of a VPC of DescribeVpcs begin with; None if it has no IPv6 block."""
    found = search(_PREFIX_PATH, {ASSOCIATIONS: [], **vpc})
    return str(found) if found else None


def find_associations(vpc: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the ids of the associations with IPv6 blocks, also of one that is being made."""
    return tuple(sorted(search(_IDS_PATH, {ASSOCIATIONS: [], **vpc})))


def associate(vpc: Ref, *, under_way: bool) -> Iterator[Step]:
    """Yield the steps that give a VPC a block, or only wait for the one that is under way.

    Neither the create nor the association tells the block (EC2 API reference, examples).
    """
    if not under_way:
        yield Call("ec2", "associate_vpc_cidr_block", {"VpcId": vpc, "AmazonProvidedIpv6CidrBlock": True})
    path = _PREFIX_PATH.replace(ASSOCIATIONS, f"Vpcs[0].{ASSOCIATIONS}")
    yield Wait("ec2", "vpc_ipv6_associated", {"VpcIds": [vpc]}, IPV6_ASSOCIATED, {PREFIX: path})


def disassociate(associations: Iterable[str]) -> Iterator[Step | Later]:
    """Yield the calls that take the blocks of these associations from the VPC, after their mark."""
    yield GIVEN_UP_LAST
    for own_id in associations:
        params = {"AssociationId": own_id}
        yield Call("ec2", "disassociate_vpc_cidr_block", params, ignore=NOT_FOUND, retry=IN_USE, patience=300)
