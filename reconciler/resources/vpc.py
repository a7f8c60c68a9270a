"""VPCs. AWS gives them no name, so that one without our tags cannot be recognised as ours."""

from collections.abc import Iterable, Iterator, Mapping
from ipaddress import ip_network
from typing import Annotated, Any, ClassVar

from pydantic import AfterValidator

from reconciler.aws.reads import Reads
from reconciler.model import tags
from reconciler.model.drift import Severity
from reconciler.model.newness import if_new
from reconciler.model.spec import IMMUTABLE, UNCOMPARED, Live, Spec
from reconciler.model.steps import Call, Later, Step, Wait
from reconciler.resources import blocker_queries, vpc_ipv6
from reconciler.resources.drifting import Severities
from reconciler.resources.ec2_trail import touched_in_ec2
from reconciler.resources.kind import Kind, Relations, actions
from reconciler.resources.naming import read_ec2_names
from reconciler.resources.vpc_contents import find_blockers

NOT_FOUND = ("InvalidVpcID.NotFound",)
DNS_ATTRIBUTES = {
    "dns_support": "EnableDnsSupport",
    "dns_hostnames": "EnableDnsHostnames",
}  # field -> EC2's name
DNS_DEFAULTS = {"dns_support": True, "dns_hostnames": False}  # after CreateVpc (VPC user guide, DNS attributes)
VPC_AVAILABLE = {
    "operation": "DescribeVpcs",
    "acceptors": [
        {"matcher": "path", "argument": "Vpcs[0].State", "expected": "available", "state": "success"},
        {"matcher": "error", "expected": "InvalidVpcID.NotFound", "state": "retry"},  # botocore's gives up here
    ],
}

Cidr = Annotated[str, AfterValidator(lambda v: str(ip_network(v, strict=False)))]
"""An address range without host bits, as EC2 stores it."""

VPCS = ("describe_vpcs", "Vpcs[]")  # an operation, and the JMESPath to its items


class Vpc(Spec):
    """A VPC with one IPv4 range, and an IPv6 block of Amazon if it has dual stack."""

    kind: ClassVar[str] = "vpc"
    cidr: Annotated[Cidr, IMMUTABLE]
    """The IPv4 range, such as 10.0.0.0/16."""
    dns_support: bool = True
    """True: Amazon's DNS server answers in the VPC."""
    dns_hostnames: bool = True
    """True: instances with a public address get a DNS name."""
    ipv6: bool = False
    """True: it has an IPv6 block, a /56 that AWS chooses. Its output `ipv6_prefix` is what the /64s of that
    block begin with."""
    ipv6_associations: Annotated[tuple[str, ...], UNCOMPARED] = ()
    """Live only: the ids of the associations with IPv6 blocks, of which one may still be under way."""


def list_in_our_vpcs(reads: Reads, operation: str, path: str) -> list[dict[str, Any]]:
    """Return the items of an EC2 list in those VPCs that have the stack's tag, or a tagged resource in them."""
    tagged = {item["VpcId"] for item in list_tagged(reads, operation, path)}
    if vpc_ids := sorted(tagged | find_our_vpcs(reads)):
        return reads.pages("ec2", operation, path, Filters=[{"Name": "vpc-id", "Values": vpc_ids}])
    return []


def find_our_vpcs(reads: Reads) -> set[str]:
    """Return the ids of those VPCs that have the stack's tag, or a tagged subnet in them."""
    lists = (VPCS, ("describe_subnets", "Subnets[]"))
    return {item["VpcId"] for each in lists for item in list_tagged(reads, *each)}


def list_tagged(reads: Reads, operation: str, path: str) -> list[dict[str, Any]]:
    """Return the items of an EC2 list that have the stack's tag."""
    return reads.pages("ec2", operation, path, Filters=tags.filters(reads.stack.name))


def read(reads: Reads) -> Iterator[Live[Vpc]]:
    tagged = list_tagged(reads, *VPCS)
    names = find_names(reads, tagged)
    yield from reads.map(lambda vpc: _read_one(reads, vpc, names), tagged)
    subnets = list_tagged(reads, "describe_subnets", "Subnets[]")
    # A VPC around a subnet of ours may be ours too, and have lost its tags.
    if others := sorted({subnet["VpcId"] for subnet in subnets} - {vpc["VpcId"] for vpc in tagged}):
        has_our_subnet = [{"Name": "vpc-id", "Values": others}]
        untagged = reads.pages("ec2", "describe_vpcs", "Vpcs[]", Filters=has_our_subnet)
        yield from reads.map(lambda vpc: _read_one(reads, vpc, names), untagged)


def _read_one(reads: Reads, vpc: Mapping[str, Any], names: Mapping[str, str]) -> Live[Vpc]:
    def is_on(attribute: str) -> bool:
        path = f"{attribute}.Value"
        parameter = attribute[0].lower() + attribute[1:]
        return bool(reads.ask("ec2", "describe_vpc_attribute", path, VpcId=vpc["VpcId"], Attribute=parameter))

    name = names.get(vpc["VpcId"], vpc["VpcId"])
    spec = from_aws(name, vpc, {attribute: is_on(attribute) for attribute in DNS_ATTRIBUTES.values()})
    owner = tags.owner_of_nameless(spec.tags)
    blockers = find_blockers(reads, vpc["VpcId"]) if owner == reads.stack.name else ()
    prefix = vpc_ipv6.find_prefix(vpc)
    outputs = {"id": vpc["VpcId"], **({vpc_ipv6.PREFIX: prefix} if prefix else {})}
    return Live(spec, outputs, owner, blockers)


def find_names(reads: Reads, vpcs: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    """Return the names in the plan of those VPCs that are ours, by id."""
    return read_ec2_names(reads, Vpc.kind, "VpcId", vpcs)


def from_aws(name: str, vpc: Mapping[str, Any], dns_attributes: Mapping[str, bool]) -> Vpc:
    """Return the spec of a VPC of DescribeVpcs, given the values of DescribeVpcAttribute by EC2's names."""
    return Vpc(
        name=name,
        tags=tags.parse(vpc.get("Tags")),
        cidr=vpc["CidrBlock"],
        **{field: dns_attributes[attribute] for field, attribute in DNS_ATTRIBUTES.items()},
        ipv6=vpc_ipv6.find_prefix(vpc) is not None,
        ipv6_associations=vpc_ipv6.find_associations(vpc),
    )


def ensure_vpc(want: Vpc, live: Live[Vpc] | None) -> Iterator[Step | Later]:
    if live:
        yield from tags.retag(tags.EC2, want, live)
    else:
        params: dict[str, Any] = {"CidrBlock": want.cidr} | tags.on_ec2("vpc", want)
        params |= {"AmazonProvidedIpv6CidrBlock": True} if want.ipv6 else {}
        yield Call("ec2", "create_vpc", params, {"id": "Vpc.VpcId"})
        yield Wait("ec2", "vpc_available", {"VpcIds": [want.ref()]}, model=VPC_AVAILABLE)
    if want.ipv6 and not (live and live.spec.ipv6):
        under_way = not live or bool(live.spec.ipv6_associations)
        yield from vpc_ipv6.associate(want.ref(), under_way=under_way)
    have = dict(live.spec) if live else DNS_DEFAULTS
    for field, attribute in DNS_ATTRIBUTES.items():  # one attribute a call
        if getattr(want, field) != have[field]:
            params = {"VpcId": want.ref(), attribute: {"Value": getattr(want, field)}}
            not_yet = if_new(NOT_FOUND, want.ref())
            yield Call("ec2", "modify_vpc_attribute", params, retry=not_yet, patience=300)
    if live and live.spec.ipv6 and not want.ipv6:
        yield from vpc_ipv6.disassociate(live.spec.ipv6_associations)


def remove(live: Live[Vpc]) -> Iterator[Step]:
    params, in_use = {"VpcId": live.outputs["id"]}, ("DependencyViolation",)
    blockers = blocker_queries.contents_of_vpc(live.outputs["id"])
    yield Call("ec2", "delete_vpc", params, ignore=NOT_FOUND, retry=in_use, patience=300, blockers=blockers)


def clashes(live: Vpc, want: Vpc) -> bool:
    """Tell whether both have the same name. A VPC with another range can only replace an empty one."""
    return live.name == want.name


def warn(want: Vpc, live: Live[Vpc] | None) -> Iterator[str]:
    """Tell whom IPv6 reaches."""
    if live and want.ipv6 and not live.spec.ipv6:
        yield (
            "tasks that run already have no IPv6 address; those that start after this have one, so that the next "
            "deployment of a service gives it to all of its tasks"
        )


def interrupts(want: Vpc, live: Vpc) -> str:
    """Say that addresses are lost."""
    return (
        "its IPv6 block is given up for good; turned on again, AWS gives it another one"
        if live.ipv6 and not want.ipv6
        else ""
    )


KIND = Kind(
    Vpc,
    read,
    ensure_vpc,
    remove,
    relations=Relations(clashes=clashes, interrupts=interrupts),
    tagging=tags.EC2,
    warn=warn,
    severities=Severities(dict.fromkeys(("cidr", "ipv6", *DNS_ATTRIBUTES), Severity.AVAILABILITY)),
    indexed_as="ec2:vpc/",
    early={"ec2": lambda reads: list_tagged(reads, *VPCS)},
    touched_by=touched_in_ec2(
        "vpcId",
        made_by="CreateVpc",
        deleted_by="DeleteVpc",
        changed_by={
            "ipv6": ("AssociateVpcCidrBlock", "DisassociateVpcCidrBlock"),
            "": ("ModifyVpcAttribute",),
        },
        ended_by={"DisassociateVpcCidrBlock": ("AssociateVpcCidrBlock",)},
        parameters={"dns_support": "enableDnsSupport", "dns_hostnames": "enableDnsHostnames"},
    ),
    actions=actions(
        "ec2",
        "AssociateVpcCidrBlock CreateTags CreateVpc DeleteVpc DescribeNetworkAcls DescribeNetworkInterfaces "
        "DescribeSecurityGroups DescribeSubnets DescribeVpcAttribute DescribeVpcEndpoints "
        "DescribeVpcPeeringConnections DescribeVpcs DisassociateVpcCidrBlock ModifyVpcAttribute",
    ),
)
