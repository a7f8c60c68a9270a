"""A VPC and subnets that exist: public ones lead to an internet gateway, private ones to a NAT gateway."""

from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from ipaddress import IPv4Network
from types import ModuleType
from typing import Any

from moto.ec2 import ec2_backends
from moto.ec2.models import security_groups as moto_groups
from moto.ec2.models import subnets as moto_subnets
from moto.ec2.models import vpcs as moto_vpcs

BLOCK = "10.0.0.0/16"
PREFIX = 24  # of each subnet
ANYWHERE = "0.0.0.0/0"
ZONES = 2  # in which subnets are that are known by their tags; others are in as many as there are of them


def make_network(named: Mapping[str, Any], account: str, region: str) -> None:
    """Make the VPC, its subnets and security groups, given as `network.existing` has them and `groups`.

    If there is such a VPC that a person has made, nothing is added to it.
    """
    ec2 = ec2_backends[account][region]
    there = [vpc for vpc in ec2.vpcs.values() if _is(ec2, vpc.id, named["vpc"])]
    vpc = there[0] if there else _make_vpc(ec2, named["vpc"])
    if hasattr(vpc, "tables"):  # of those made here alone
        for tier, described in named["subnets"].items():
            _make_subnets(ec2, vpc, tier, described)
        _make_groups(ec2, vpc, named["groups"])


def _is(ec2: Any, own_id: str, named: Mapping[str, Any]) -> bool:
    if named.get("id"):
        return bool(named["id"] == own_id)
    return bool(named["tags"].items() <= ec2.tags[own_id].items())


def _make_vpc(ec2: Any, named: Mapping[str, Any]) -> Any:
    """Make a VPC with the ways out, and note on it the route table of each tier."""
    with _given_id(moto_vpcs, "random_vpc_id", named["id"]):
        vpc = ec2.create_vpc(BLOCK)
    ec2.modify_vpc_attribute(vpc.id, "enable_dns_hostnames", attr_value=True)
    _tag(ec2, vpc.id, named["tags"])
    gateway = ec2.create_internet_gateway()
    ec2.attach_internet_gateway(gateway.id, vpc.id)
    vpc.tables = {"public": _make_table(ec2, vpc.id, gateway_id=gateway.id)}
    outside = _make_subnet(ec2, vpc, "public", 0)
    address = ec2.allocate_address("vpc").allocation_id
    nat = ec2.create_nat_gateway(outside, address, connectivity_type="public")
    vpc.tables["private"] = _make_table(ec2, vpc.id, nat_gateway_id=nat.id)
    return vpc


def _make_table(ec2: Any, vpc_id: str, **target: str) -> str:
    table = ec2.create_route_table(vpc_id)
    ec2.create_route(table.id, ANYWHERE, **target)
    return str(table.id)


def _make_subnets(ec2: Any, vpc: Any, tier: str, named: Mapping[str, Any]) -> None:
    there = {own_id for zone in ec2.subnets.values() for own_id in zone}
    if named["ids"]:
        for number, own_id in enumerate(named["ids"]):
            if own_id not in there:
                _make_subnet(ec2, vpc, tier, number, own_id)
    elif not any(_is(ec2, own_id, named) for own_id in there):
        for number in range(ZONES):
            _tag(ec2, _make_subnet(ec2, vpc, tier, number), named["tags"])


def _make_subnet(ec2: Any, vpc: Any, tier: str, number: int, own_id: str | None = None) -> str:
    """Make a subnet in the zone of this number, with the VPC's next range; return its id."""
    zones = [zone.name for zone in ec2.describe_availability_zones()]
    taken = {subnet.cidr_block for zone in ec2.subnets.values() for subnet in zone.values()}
    free = (str(block) for block in IPv4Network(BLOCK).subnets(new_prefix=PREFIX))
    block = next(block for block in free if block not in taken)
    with _given_id(moto_subnets, "random_subnet_id", own_id):
        subnet = ec2.create_subnet(vpc.id, block, availability_zone=zones[number % len(zones)])
    ec2.associate_route_table(vpc.tables[tier], subnet_id=subnet.id)
    return str(subnet.id)


def _make_groups(ec2: Any, vpc: Any, ids: Collection[str]) -> None:
    there = {own_id for groups in ec2.groups.values() for own_id in groups}
    for own_id in ids:
        if own_id not in there:
            with _given_id(moto_groups, "random_security_group_id", own_id):
                ec2.create_security_group(f"given-{own_id}", "Named by a platform file", vpc.id)


def _tag(ec2: Any, own_id: str, tags: Mapping[str, str]) -> None:
    if tags:
        ec2.create_tags([own_id], dict(tags))


@contextmanager
def _given_id(module: ModuleType, function: str, own_id: str | None) -> Iterator[None]:
    """Let moto give this id to what it makes, instead of the one that this function of a module draws."""
    original = getattr(module, function)
    setattr(module, function, (lambda: own_id) if own_id else original)
    try:
        yield
    finally:
        setattr(module, function, original)
