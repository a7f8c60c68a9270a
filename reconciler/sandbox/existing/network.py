"""A VPC and subnets that exist: public ones lead to an internet gateway, private ones to a NAT gateway."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from ipaddress import IPv4Network
from types import ModuleType
from typing import Any

from moto.ec2 import ec2_backends
from moto.ec2.models import subnets as moto_subnets
from moto.ec2.models import vpcs as moto_vpcs

BLOCK = "10.0.0.0/16"
PREFIX = 24  # of each subnet
ANYWHERE = "0.0.0.0/0"
ZONES = 2  # in which subnets are that are known by their tags; others are in as many as there are of them


def make_network(named: Mapping[str, Any], account: str, region: str) -> None:
    """Make the VPC and its subnets, given as `network.existing` has them, unless there is such a VPC."""
    ec2 = ec2_backends[account][region]
    if _find(ec2, ec2.vpcs, named["vpc"]):
        return
    vpc = _make_vpc(ec2, named["vpc"])
    zones = [zone.name for zone in ec2.describe_availability_zones()]
    blocks = IPv4Network(BLOCK).subnets(new_prefix=PREFIX)
    gateway = ec2.create_internet_gateway()
    ec2.attach_internet_gateway(gateway.id, vpc)
    outside = ec2.create_subnet(vpc, str(next(blocks)), availability_zone=zones[0]).id
    tables = {"public": _make_table(ec2, vpc, gateway_id=gateway.id)}
    ec2.associate_route_table(tables["public"], subnet_id=outside)
    address = ec2.allocate_address("vpc").allocation_id
    nat = ec2.create_nat_gateway(outside, address, connectivity_type="public")
    tables["private"] = _make_table(ec2, vpc, nat_gateway_id=nat.id)
    for tier, described in named["subnets"].items():
        for number, own_id in enumerate(described["ids"] or [None] * ZONES):
            with _given_id(moto_subnets, "random_subnet_id", own_id):
                zone = zones[number % len(zones)]
                subnet = ec2.create_subnet(vpc, str(next(blocks)), availability_zone=zone)
            _tag(ec2, subnet.id, described["tags"])
            ec2.associate_route_table(tables[tier], subnet_id=subnet.id)


def _find(ec2: Any, vpcs: Mapping[str, Any], named: Mapping[str, Any]) -> bool:
    if named["id"]:
        return named["id"] in vpcs
    return any(named["tags"].items() <= ec2.tags[own_id].items() for own_id in vpcs)


def _make_vpc(ec2: Any, named: Mapping[str, Any]) -> str:
    with _given_id(moto_vpcs, "random_vpc_id", named["id"]):
        vpc = ec2.create_vpc(BLOCK)
    ec2.modify_vpc_attribute(vpc.id, "enable_dns_hostnames", attr_value=True)
    _tag(ec2, vpc.id, named["tags"])
    return str(vpc.id)


def _make_table(ec2: Any, vpc: str, **target: str) -> str:
    table = ec2.create_route_table(vpc)
    ec2.create_route(table.id, ANYWHERE, **target)
    return str(table.id)


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
