"""Elastic IP addresses. AWS gives them no name, and takes no token against two of them: their tags tell."""

from collections.abc import Iterator, Mapping
from typing import Any, ClassVar

from reconciler.aws.cli_command import cli_command
from reconciler.aws.reads import Reads
from reconciler.model import tags
from reconciler.model.plan import Conflict, PlanWarning
from reconciler.model.spec import Blocker, Live, Spec
from reconciler.model.steps import Call, ErrorMatch, Step
from reconciler.resources.ec2_trail import touched_in_ec2
from reconciler.resources.kind import Kind, Relations, actions
from reconciler.resources.naming import read_ec2_names
from reconciler.resources.nat_gateway import ADDRESSES, NAT_GATEWAYS, NatGateway, find_address
from reconciler.resources.network_interfaces import GONE_WITHIN
from reconciler.resources.prices import PUBLIC_ADDRESS
from reconciler.resources.vpc import list_in_our_vpcs

QUOTA = 5  # addresses of an account in a region (Amazon VPC quotas, L-0263D0A3)
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
    shown, of_gateways = _find_shown(reads), _find_interfaces(reads)
    for address in addresses:
        own_id = address["AllocationId"]
        if own_id in names or own_id in shown:
            spec = from_aws(names.get(own_id) or shown.get(own_id) or own_id, address)
            outputs = {"id": own_id, "public_ip": address["PublicIp"]}
            is_of_gateway = address.get("NetworkInterfaceId") in of_gateways
            blockers = () if is_of_gateway else _find_blockers(address, reads.aws.region)
            yield Live(spec, outputs, tags.owner_of_nameless(spec.tags), blockers)


def _find_shown(reads: Reads) -> dict[str | None, str | None]:
    """Return the addresses that NAT gateways in our VPCs show, each with the name of the one desired there.

    None: the gateway is not one of ours that the file has.
    """
    gateways, desired = list_in_our_vpcs(reads, *NAT_GATEWAYS), reads.desired.of(NatGateway)
    names = read_ec2_names(reads, NatGateway.kind, "NatGatewayId", gateways)
    wanted = {own_id: desired[name].elastic_ip.name for own_id, name in names.items() if name in desired}
    return {find_address(gateway): wanted.get(gateway["NatGatewayId"]) for gateway in gateways}


def _find_interfaces(reads: Reads) -> set[str | None]:
    """Return the interfaces of all NAT gateways in our VPCs, also of those that are going."""
    gateways = list_in_our_vpcs(reads, NAT_GATEWAYS[0], "NatGateways[]")
    return {
        shown.get("NetworkInterfaceId") for each in gateways for shown in each.get("NatGatewayAddresses", ())
    }


def _find_blockers(address: Mapping[str, Any], region: str) -> tuple[Blocker, ...]:
    """Return what uses the address, which AWS does not release then, and gives to no gateway."""
    if not (association := address.get("AssociationId")):
        return ()
    instance, interface = address.get("InstanceId"), address.get("NetworkInterfaceId")
    what = f"instance {instance}" if instance else f"network interface {interface}"
    remedy = cli_command(Call("ec2", "disassociate_address", {"AssociationId": association}), region)
    return (Blocker(what, remedy),)


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


def check(reads: Reads) -> Iterator[Conflict | PlanWarning]:
    """Yield a conflict for each desired address that something of others uses, and count addresses."""
    desired = reads.desired.of(ElasticIp)
    lives = [live for live in read(reads) if live.spec.name in desired] if desired else []
    for live in lives:
        for user in live.blockers if live.owner == reads.stack.name else ():
            why = f"{live.outputs['public_ip']} is in use by {user.what}, so that no NAT gateway can show it"
            yield Conflict(live.spec.address, why, f"if nobody needs that, end it: {user.remedy}")
    if new := sorted(desired.keys() - {live.spec.name for live in lives}):
        yield from _warn_of_quota(reads, desired[new[0]], len(new))


def _warn_of_quota(reads: Reads, first: ElasticIp, new: int) -> Iterator[PlanWarning]:
    """Count the addresses of the account against its quota, if the file asks for new ones."""
    there = len(reads.pages("ec2", *ADDRESSES))
    if there + new > QUOTA:
        message = (
            f"{there} public addresses are allocated in {reads.aws.region}, and this allocates {new} more; an account "
            f"has a quota of {QUOTA} in a region, until it is raised in Service Quotas (L-0263D0A3)"
        )
        yield PlanWarning(message, first.address)


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
    touched_by=touched_in_ec2("allocationId", made_by="AllocateAddress", deleted_by="ReleaseAddress"),
    actions=actions(
        "ec2",
        "AllocateAddress CreateTags DescribeAddresses DescribeNatGateways DescribeSubnets DescribeVpcs ReleaseAddress",
    ),
)
