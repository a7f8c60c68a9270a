"""VPCs. AWS gives them no name: without our tags one is a stranger."""

from collections.abc import Iterator
from ipaddress import ip_network
from typing import Annotated, Any, ClassVar

from pydantic import AfterValidator

from reconciler.aws.reads import Reads
from reconciler.model import tags
from reconciler.model.spec import IMMUTABLE, Live, Spec
from reconciler.model.steps import Call, Step, Wait
from reconciler.resources import blocker_queries as in_use
from reconciler.resources.kind import Kind, Relations, actions

ABSENT = ("InvalidVpcID.NotFound",)
FLAGS = {"dns_support": "EnableDnsSupport", "dns_hostnames": "EnableDnsHostnames"}
NEW = {"dns_support": True, "dns_hostnames": False}  # what CreateVpc makes (VPC user guide, DNS attributes)
AVAILABLE = {
    "operation": "DescribeVpcs",
    "acceptors": [
        {"matcher": "path", "argument": "Vpcs[0].State", "expected": "available", "state": "success"},
        {"matcher": "error", "expected": "InvalidVpcID.NotFound", "state": "retry"},  # botocore's gives up here
    ],
}

Cidr = Annotated[str, AfterValidator(lambda v: str(ip_network(v, strict=False)))]
"""A range as EC2 keeps it: without host bits."""


class Vpc(Spec):
    """A network of one IPv4 range."""

    kind: ClassVar[str] = "vpc"
    cidr: Annotated[Cidr, IMMUTABLE]
    dns_support: bool = True
    dns_hostnames: bool = True


def within_ours(reads: Reads, operation: str, path: str) -> list[dict[str, Any]]:
    """What an EC2 list holds that bears our tag, or lies in a VPC that is ours or holds something of ours."""
    ours = tags.filters(reads.stack.name)
    tagged = reads.pages("ec2", operation, path, Filters=ours)
    vpcs = reads.pages("ec2", "describe_vpcs", "Vpcs[]", Filters=ours)
    subnets = reads.pages("ec2", "describe_subnets", "Subnets[]", Filters=ours)
    if around := sorted({found["VpcId"] for found in (*tagged, *vpcs, *subnets)}):
        return reads.pages("ec2", operation, path, Filters=[{"Name": "vpc-id", "Values": around}])
    return []


def read(reads: Reads) -> Iterator[Live[Vpc]]:
    ours = tags.filters(reads.stack.name)
    found = reads.pages("ec2", "describe_vpcs", "Vpcs[]", Filters=ours)
    yield from reads.map(lambda v: _live(reads, v), found)
    known = {v["VpcId"] for v in found}
    subnets = reads.pages("ec2", "describe_subnets", "Subnets[]", Filters=ours)
    if strangers := sorted({s["VpcId"] for s in subnets} - known):  # ours are in it: perhaps its tags were lost
        those = [{"Name": "vpc-id", "Values": strangers}]
        yield from reads.map(
            lambda v: _live(reads, v), reads.pages("ec2", "describe_vpcs", "Vpcs[]", Filters=those)
        )


def _live(reads: Reads, v: dict[str, Any]) -> Live[Vpc]:
    def flag(attribute: str) -> bool:
        path = f"{attribute}.Value"
        name = attribute[0].lower() + attribute[1:]
        return bool(reads.ask("ec2", "describe_vpc_attribute", path, VpcId=v["VpcId"], Attribute=name))

    owned = tags.parse(v.get("Tags"))
    flags = {field: flag(attribute) for field, attribute in FLAGS.items()}
    spec = Vpc(name=owned.get(tags.NAME, v["VpcId"]), tags=owned, cidr=v["CidrBlock"], **flags)
    return Live(spec, {"id": v["VpcId"]}, tags.owner_of_nameless(owned))


def ensure_vpc(want: Vpc, live: Live[Vpc] | None) -> Iterator[Step]:
    if live:
        yield from tags.retag(tags.EC2, want, live)
    else:
        params = {"CidrBlock": want.cidr} | tags.on_ec2("vpc", want)
        yield Call("ec2", "create_vpc", params, {"id": "Vpc.VpcId"})
        yield Wait("ec2", "vpc_available", {"VpcIds": [want.ref()]}, model=AVAILABLE)
    have = dict(live.spec) if live else NEW
    for field, attribute in FLAGS.items():  # one attribute a call
        if getattr(want, field) != have[field]:
            params = {"VpcId": want.ref(), attribute: {"Value": getattr(want, field)}}
            yield Call("ec2", "modify_vpc_attribute", params, retry=ABSENT, patience=300)


def remove(live: Live[Vpc]) -> Iterator[Step]:
    params, busy = {"VpcId": live.outputs["id"]}, ("DependencyViolation",)
    by = in_use.within(live.outputs["id"])
    yield Call("ec2", "delete_vpc", params, ignore=ABSENT, retry=busy, patience=300, blockers=by)


def clashes(live: Vpc, want: Vpc) -> bool:
    """Another range is another network, for which all that runs in the old one would have to leave first."""
    return live.name == want.name


KIND = Kind(
    Vpc,
    read,
    ensure_vpc,
    remove,
    relations=Relations(clashes=clashes),
    tagging=tags.EC2,
    actions=actions(
        "ec2",
        "CreateTags CreateVpc DeleteVpc DescribeNetworkInterfaces DescribeSecurityGroups "
        "DescribeSubnets DescribeVpcAttribute DescribeVpcEndpoints DescribeVpcs "
        "ModifyVpcAttribute",
    ),
)
