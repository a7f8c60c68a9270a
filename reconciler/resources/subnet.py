"""Subnets. AWS knows them by VPC and address range, which no two share."""

from collections.abc import Iterator
from ipaddress import IPv4Network, ip_network
from typing import Annotated, Any, ClassVar

from reconciler.aws.reads import Reads
from reconciler.model import tags
from reconciler.model.references import Ref, refers_to
from reconciler.model.spec import IMMUTABLE, Live, Spec
from reconciler.model.steps import Call, Step, Wait
from reconciler.resources import blocker_queries as in_use
from reconciler.resources.kind import Kind, Relations, actions
from reconciler.resources.vpc import ABSENT as NO_VPC
from reconciler.resources.vpc import Cidr, within_ours

ABSENT = ("InvalidSubnetID.NotFound", "InvalidSubnetId.NotFound")  # EC2 spells it both ways
AVAILABLE = {
    "operation": "DescribeSubnets",
    "acceptors": [
        {"matcher": "path", "argument": "Subnets[0].State", "expected": "available", "state": "success"},
        *(
            {"matcher": "error", "expected": code, "state": "retry"} for code in ABSENT
        ),  # botocore's gives up here
    ],
}


class Subnet(Spec):
    """One zone's share of a VPC."""

    kind: ClassVar[str] = "subnet"
    vpc: Annotated[Ref, refers_to("vpc"), IMMUTABLE]
    cidr: Annotated[Cidr, IMMUTABLE]
    zone: Annotated[str, IMMUTABLE]
    public_addresses: bool = False
    """Whether what starts in it gets a public address unless it says otherwise."""


def read(reads: Reads) -> Iterator[Live[Subnet]]:
    wanted = {want.cidr: name for name, want in reads.wanted(Subnet).items()}
    for s in within_ours(reads, "describe_subnets", "Subnets[]"):
        owned = tags.parse(s.get("Tags"))
        owner = tags.owner_of_nameless(owned)
        name = owned[tags.NAME] if owner == reads.stack.name else wanted.get(block(s), s["SubnetId"])
        spec = Subnet(
            name=name,
            tags=owned,
            vpc=s["VpcId"],
            cidr=block(s),
            zone=s["AvailabilityZone"],
            public_addresses=s["MapPublicIpOnLaunch"],
        )
        yield Live(spec, {"id": s["SubnetId"]}, owner)


def block(subnet: dict[str, Any]) -> str:
    """Its range: of one for IPv6 only, which has no other, that one."""
    of_ipv6 = (a["Ipv6CidrBlock"] for a in subnet.get("Ipv6CidrBlockAssociationSet", ()))
    return str(subnet.get("CidrBlock") or next(of_ipv6, "::/128"))


def ensure_subnet(want: Subnet, live: Live[Subnet] | None) -> Iterator[Step]:
    if live:
        yield from tags.retag(tags.EC2, want, live)
    else:
        params = {"VpcId": want.vpc, "CidrBlock": want.cidr, "AvailabilityZone": want.zone}
        params |= tags.on_ec2("subnet", want)
        yield Call("ec2", "create_subnet", params, {"id": "Subnet.SubnetId"}, retry=NO_VPC, patience=300)
        yield Wait("ec2", "subnet_available", {"SubnetIds": [want.ref()]}, model=AVAILABLE)
    if want.public_addresses != (live.spec.public_addresses if live else False):
        value = {"Value": want.public_addresses}
        params = {"SubnetId": want.ref(), "MapPublicIpOnLaunch": value}
        yield Call("ec2", "modify_subnet_attribute", params, retry=ABSENT, patience=300)


def remove(live: Live[Subnet]) -> Iterator[Step]:
    # A task's or load balancer's network interface outlives it by minutes.
    params, busy = {"SubnetId": live.outputs["id"]}, ("DependencyViolation",)
    by = (in_use.interfaces("subnet-id", live.outputs["id"]),)
    yield Call("ec2", "delete_subnet", params, ignore=ABSENT, retry=busy, patience=1200, blockers=by)


def clashes(live: Subnet, want: Subnet) -> bool:
    """Whether both lie in one VPC and overlap."""
    has = ip_network(live.cidr)
    return live.vpc == want.vpc and isinstance(has, IPv4Network) and has.overlaps(IPv4Network(want.cidr))


KIND = Kind(
    Subnet,
    read,
    ensure_subnet,
    remove,
    relations=Relations(clashes=clashes),
    tagging=tags.EC2,
    actions=actions(
        "ec2",
        "CreateSubnet CreateTags DeleteSubnet DescribeNetworkInterfaces DescribeSubnets "
        "DescribeVpcs ModifySubnetAttribute",
    ),
)
