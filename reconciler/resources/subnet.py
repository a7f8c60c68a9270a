"""Subnets. AWS gives them no name; a foreign one is matched by its address range."""

from collections.abc import Iterable, Iterator, Mapping
from ipaddress import IPv4Network, ip_network
from typing import Annotated, Any, ClassVar

from reconciler.aws.reads import Reads
from reconciler.model import tags
from reconciler.model.differences import ValueDiff
from reconciler.model.drift import Severity
from reconciler.model.newness import if_new
from reconciler.model.plan import Conflict
from reconciler.model.references import Ref, refers_to
from reconciler.model.spec import IMMUTABLE, UNCOMPARED, Live, Spec
from reconciler.model.steps import Call, Step
from reconciler.resources import blocker_queries, elb, subnet_ipv6
from reconciler.resources.drifting import Severities
from reconciler.resources.ec2_trail import touched_in_ec2
from reconciler.resources.kind import Kind, Relations, actions
from reconciler.resources.network_interfaces import GONE_WITHIN, find_in_subnets, find_with_ipv6
from reconciler.resources.vpc import NOT_FOUND as VPC_NOT_FOUND
from reconciler.resources.vpc import Cidr, list_in_our_vpcs

NOT_FOUND = ("InvalidSubnetID.NotFound", "InvalidSubnetId.NotFound")  # EC2 spells it both ways


class Subnet(Spec):
    """A subnet: a range of a VPC's addresses in one availability zone."""

    kind: ClassVar[str] = "subnet"
    vpc: Annotated[Ref, refers_to("vpc"), IMMUTABLE]
    cidr: Annotated[Cidr, IMMUTABLE]
    """The IPv4 range, such as 10.0.1.0/24. Live, without IPv4: the IPv6 range."""
    zone: Annotated[str, IMMUTABLE]
    """The name of the availability zone, such as us-east-1a."""
    public_addresses: bool = False
    """Network interfaces created in it get a public address, unless they say otherwise."""
    ipv6: str = ""
    """The number of its /64 in the VPC's IPv6 block: two hexadecimal digits; empty: it has none."""
    ipv6_addresses: bool = False
    """Network interfaces created in it get an IPv6 address."""
    ipv6_association: Annotated[str, UNCOMPARED] = ""
    """Live only: the id of the association with its /64."""


def read(reads: Reads) -> Iterator[Live[Subnet]]:
    name_by_cidr = {want.cidr: name for name, want in reads.desired.of(Subnet).items()}
    subnets = {s["SubnetId"]: s for s in list_in_our_vpcs(reads, "describe_subnets", "Subnets[]")}
    owners = {i: tags.owner_of_nameless(tags.parse(s.get("Tags"))) for i, s in subnets.items()}
    ours = {own_id for own_id, owner in owners.items() if owner == reads.stack.name}
    blockers = find_in_subnets(reads, ours)
    for own_id, subnet in subnets.items():
        own_name = tags.parse(subnet["Tags"])[tags.NAME] if own_id in ours else own_id
        name = name_by_cidr.get(find_cidr(subnet), own_name)
        yield Live(from_aws(name, subnet), {"id": own_id}, owners[own_id], tuple(blockers.get(own_id, ())))


def from_aws(name: str, subnet: Mapping[str, Any]) -> Subnet:
    """Return the spec of a subnet of DescribeSubnets, with this name in the plan."""
    block = subnet_ipv6.find_block(subnet)
    return Subnet(
        name=name,
        tags=tags.parse(subnet.get("Tags")),
        vpc=subnet["VpcId"],
        cidr=find_cidr(subnet),
        zone=subnet["AvailabilityZone"],
        public_addresses=subnet["MapPublicIpOnLaunch"],
        ipv6=subnet_ipv6.find_number(block),
        ipv6_addresses=subnet.get("AssignIpv6AddressOnCreation", False),
        ipv6_association=block.get("AssociationId", ""),
    )


def find_cidr(subnet: Mapping[str, Any]) -> str:
    """Return the IPv4 range of a subnet, or its IPv6 range if it has no other."""
    of_ipv6 = (a["Ipv6CidrBlock"] for a in subnet.get("Ipv6CidrBlockAssociationSet", ()))
    return str(subnet.get("CidrBlock") or next(of_ipv6, "::/128"))


def ensure_subnet(want: Subnet, live: Live[Subnet] | None) -> Iterator[Step]:
    if live:
        yield from tags.retag(tags.EC2, want, live)
    else:
        params = {"VpcId": want.vpc, "CidrBlock": want.cidr, "AvailabilityZone": want.zone}
        params |= tags.on_ec2("subnet", want)
        params |= {"Ipv6CidrBlock": subnet_ipv6.as_block(want.vpc, want.ipv6)} if want.ipv6 else {}
        outputs, not_yet = {"id": "Subnet.SubnetId"}, if_new(VPC_NOT_FOUND, want.vpc)
        yield Call("ec2", "create_subnet", params, outputs, retry=not_yet, patience=300)
    if want.public_addresses != (live.spec.public_addresses if live else False):
        value = {"Value": want.public_addresses}
        params = {"SubnetId": want.ref(), "MapPublicIpOnLaunch": value}
        not_yet = if_new(NOT_FOUND, want.ref())
        yield Call("ec2", "modify_subnet_attribute", params, retry=not_yet, patience=300)
    yield from _change_ipv6(want, live)


def _change_ipv6(want: Subnet, live: Live[Subnet] | None) -> Iterator[Step]:
    """Yield the steps that give a subnet its /64, or take it: first no new addresses, then the /64."""
    assigns, have = (live.spec.ipv6_addresses, live.spec.ipv6) if live else (False, want.ipv6)
    if live and have not in ("", want.ipv6):
        if assigns:
            yield subnet_ipv6.assign(want.ref(), NOT_FOUND, on=False)
        yield subnet_ipv6.disassociate(live.outputs["id"], live.spec.ipv6_association)
        assigns = False
    if want.ipv6 and have != want.ipv6:
        yield from subnet_ipv6.associate(want.ref(), want.vpc, want.ipv6, NOT_FOUND)
    elif want.ipv6 and not live:
        yield subnet_ipv6.wait_for_block(want.ref())
    if want.ipv6_addresses != assigns:
        yield subnet_ipv6.assign(want.ref(), NOT_FOUND, on=want.ipv6_addresses)


def remove(live: Live[Subnet]) -> Iterator[Step]:
    params, in_use = {"SubnetId": live.outputs["id"]}, ("DependencyViolation",)
    blockers = (blocker_queries.interfaces("subnet-id", live.outputs["id"]),)
    yield Call(
        "ec2",
        "delete_subnet",
        params,
        ignore=NOT_FOUND,
        retry=in_use,
        patience=GONE_WITHIN,
        blockers=blockers,
    )


def clashes(live: Subnet, want: Subnet) -> bool:
    """Tell whether both are in the same VPC and their ranges overlap."""
    same_range = want.ipv6 != "" and live.ipv6 == want.ipv6
    return live.vpc == want.vpc and (same_range or _overlaps(live, want))


def _overlaps(live: Subnet, want: Subnet) -> bool:
    live_range = ip_network(live.cidr)
    return isinstance(live_range, IPv4Network) and live_range.overlaps(IPv4Network(want.cidr))


def place_taken(want: Subnet, live: Live[Subnet], _subnets: Iterable[Subnet]) -> tuple[str, str]:
    """Return who has the range of addresses."""
    taken = want.cidr if _overlaps(live.spec, want) else f"IPv6 /64 {want.ipv6}"
    why = f"{taken} is taken by subnet {live.outputs['id']} in {live.spec.zone}"
    return why, "ask for fewer zones, or move what is in that subnet to another one"


def check(reads: Reads) -> Iterator[Conflict]:
    """Yield a conflict for each subnet that is to give up its /64 while interfaces have addresses of it."""
    desired = reads.desired.of(Subnet)
    lives = [live for live in read(reads) if live.owner == reads.stack.name] if desired else []
    losing = {
        live.outputs["id"]: live.spec.name
        for live in lives
        if live.spec.ipv6 and live.spec.name in desired and desired[live.spec.name].ipv6 != live.spec.ipv6
    }
    for own_id, interfaces in find_with_ipv6(reads, losing).items():
        why = (
            f"{', '.join(sorted(interfaces))} have IPv6 addresses of it, and AWS takes no range that is in use"
        )
        remedy = (
            "keep `ipv6: true` in `network`, or first apply `desired_count: 0` without `scaling` for the services "
            "in it, and turn IPv6 off when their interfaces are gone, minutes after the tasks"
        )
        yield Conflict(desired[losing[own_id]].address, why, remedy)


def judge(_live: Subnet, _want: Subnet, diff: ValueDiff) -> Severity | None:
    """Judge public addresses: what has one is exposed, and what needs one is cut off without it."""
    if diff.field != "public_addresses":
        return None
    return Severity.SECURITY if diff.live else Severity.AVAILABILITY


KIND = Kind(
    Subnet,
    read,
    ensure_subnet,
    remove,
    relations=Relations(clashes=clashes, place_taken=place_taken),
    tagging=tags.EC2,
    check=check,
    severities=Severities(
        dict.fromkeys(("vpc", "cidr", "zone", "ipv6", "ipv6_addresses"), Severity.AVAILABILITY), judge=judge
    ),
    indexed_as="ec2:subnet/",
    touched_by=touched_in_ec2(
        "subnetId",
        made_by="CreateSubnet",
        deleted_by="DeleteSubnet",
        changed_by={
            "ipv6": ("AssociateSubnetCidrBlock", "DisassociateSubnetCidrBlock"),
            "": ("ModifySubnetAttribute",),
        },
        ended_by={"DisassociateSubnetCidrBlock": ("AssociateSubnetCidrBlock",)},
        parameters={"public_addresses": "mapPublicIpOnLaunch", "ipv6_addresses": "assignIpv6AddressOnCreation"},
    ),
    actions=actions(
        "ec2",
        "AssociateSubnetCidrBlock CreateSubnet CreateTags DeleteSubnet DescribeNatGateways "
        "DescribeNetworkInterfaces DescribeSubnets DescribeVpcEndpoints DescribeVpcs "
        "DisassociateSubnetCidrBlock ModifySubnetAttribute",
    )
    | elb.READS,
)
