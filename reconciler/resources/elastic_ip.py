"""Elastic IP addresses. AWS gives them no name, and takes no token against two of them: their tags tell."""

from collections.abc import Iterator, Mapping
from typing import Any, ClassVar

from reconciler.aws.reads import Reads
from reconciler.model import tags
from reconciler.model.plan import PlanWarning
from reconciler.model.spec import Live, Spec
from reconciler.model.steps import Call, ErrorMatch, Step
from reconciler.model.trail import TAGS, TouchedBy
from reconciler.resources.kind import Kind, Relations, actions
from reconciler.resources.naming import read_ec2_names
from reconciler.resources.nat_gateway import NAT_GATEWAYS, find_address
from reconciler.resources.network_interfaces import GONE_WITHIN
from reconciler.resources.prices import PUBLIC_ADDRESS
from reconciler.resources.vpc import list_in_our_vpcs

QUOTA = 5  # addresses of an account in a region (Amazon VPC quotas, L-0263D0A3)
ADDRESSES = ("describe_addresses", "Addresses[?AllocationId]")
IN_USE = (  # also for some seconds after its NAT gateway is deleted (kops#938, terraform-provider-aws#2968)
    "InvalidIPAddress.InUse",
    ErrorMatch("AuthFailure", "do not have permission to access the specified resource"),
)


class ElasticIp(Spec):
    """A public IPv4 address that stays the same until it is released."""

    kind: ClassVar[str] = "elastic_ip"


def read(reads: Reads) -> Iterator[Live[ElasticIp]]:
    # All of them, in one list: one of ours without its tags is known by the gateway that shows it.
    addresses = reads.pages("ec2", *ADDRESSES)
    names = read_ec2_names(reads, ElasticIp.kind, "AllocationId", addresses)
    shown = {find_address(gateway) for gateway in list_in_our_vpcs(reads, *NAT_GATEWAYS)}
    for address in addresses:
        if address["AllocationId"] not in names.keys() | shown:
            continue
        spec = from_aws(names.get(address["AllocationId"], address["AllocationId"]), address)
        outputs = {"id": address["AllocationId"], "public_ip": address["PublicIp"]}
        yield Live(spec, outputs, tags.owner_of_nameless(spec.tags))


def from_aws(name: str, address: Mapping[str, Any]) -> ElasticIp:
    """Return the spec of an address of DescribeAddresses, with this name in the plan."""
    return ElasticIp(name=name, tags=tags.parse(address.get("Tags")))


def ensure_elastic_ip(want: ElasticIp, live: Live[ElasticIp] | None) -> Iterator[Step]:
    if live:
        yield from tags.retag(tags.EC2, want, live)
    else:
        params = {"Domain": "vpc"} | tags.on_ec2("elastic-ip", want)
        yield Call("ec2", "allocate_address", params, {"id": "AllocationId", "public_ip": "PublicIp"})


def remove(live: Live[ElasticIp]) -> Iterator[Step]:
    params, gone = {"AllocationId": live.outputs["id"]}, ("InvalidAllocationID.NotFound",)
    yield Call("ec2", "release_address", params, ignore=gone, retry=IN_USE, patience=GONE_WITHIN)


def loses(live: Live[ElasticIp]) -> str:
    """Name the address, which others may let in: AWS gives it to somebody else."""
    return f"its address {live.outputs['public_ip']}"


def check(reads: Reads) -> Iterator[PlanWarning]:
    """Count the addresses of the account against its quota, if the file asks for one that is not there yet."""
    desired = reads.desired.of(ElasticIp)
    new = sorted(desired.keys() - {live.spec.name for live in read(reads)}) if desired else []
    there = len(reads.pages("ec2", *ADDRESSES)) if new else 0
    if new and there + len(new) > QUOTA:
        message = (
            f"{there} public addresses are allocated in {reads.aws.region}, and this allocates {len(new)} more; an account "
            f"has a quota of {QUOTA} in a region, until it is raised in Service Quotas (L-0263D0A3)"
        )
        yield PlanWarning(message, desired[new[0]].address)


KIND = Kind(
    ElasticIp,
    read,
    ensure_elastic_ip,
    remove,
    relations=Relations(loses=loses),
    tagging=tags.EC2,
    check=check,
    monthly_price=lambda _address: PUBLIC_ADDRESS,
    indexed_as="ec2:elastic-ip/",
    touched_by=TouchedBy(
        "ec2.amazonaws.com",
        {"allocationId": "id"},
        made_by=("AllocateAddress",),
        deleted_by=("ReleaseAddress",),
        changed_by={TAGS: ("CreateTags", "DeleteTags")},
        found_by="id",
        nameless=True,
    ),
    actions=actions(
        "ec2",
        "AllocateAddress CreateTags DescribeAddresses DescribeNatGateways DescribeSubnets DescribeVpcs ReleaseAddress",
    ),
)
