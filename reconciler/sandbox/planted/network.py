"""A VPC with public and private subnets, and ways out of them, with the ids and the tags that a file names."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from itertools import count
from typing import Any

from moto.ec2 import ec2_backends
from moto.ec2.models import route_tables as table_models
from moto.ec2.models import subnets as subnet_models
from moto.ec2.models import vpcs as vpc_models

CIDR = "10.0.0.0/16"
ZONES = ("a", "b")
ANYWHERE = "0.0.0.0/0"


def plant_network(part: Mapping[str, Any], account: str, region: str) -> None:
    ec2 = ec2_backends[account][region]
    if find_vpc(ec2, part["vpc"]):
        return
    with next_id(vpc_models, "random_vpc_id", part["vpc"]["id"]):
        vpc = ec2.create_vpc(CIDR, tags=_tags(part["vpc"]))
    ec2.modify_vpc_attribute(vpc.id, "enable_dns_hostnames", "true")
    gateway = ec2.create_internet_gateway()
    ec2.attach_internet_gateway(gateway.id, vpc.id)
    numbers, nat = count(), None
    tables = dict(zip(sorted(part["subnets"]), part["route_tables"], strict=False))  # private ones first
    for own_id in part["route_tables"][len(tables) :]:
        _make_table(ec2, vpc.id, own_id)
    outside = (
        {} if "public" in part["subnets"] else {"public": {"ids": [None], "tags": {}}}
    )  # for the NAT gateway
    for tier, chosen in (*outside.items(), *sorted(part["subnets"].items(), reverse=True)):  # public ones first
        placed = [_make_subnet(ec2, vpc.id, own_id, next(numbers), region, chosen) for own_id in _ids(chosen)]
        table = _make_table(ec2, vpc.id, tables.get(tier))
        if tier == "public":
            ec2.create_route(table.id, ANYWHERE, gateway_id=gateway.id)
            address = ec2.allocate_address("vpc")
            nat = ec2.create_nat_gateway(placed[0], address.allocation_id)
        elif nat:
            ec2.create_route(table.id, ANYWHERE, nat_gateway_id=nat.id)
        for own_id in placed:
            ec2.associate_route_table(table.id, subnet_id=own_id)


def _make_table(ec2: Any, vpc: str, own_id: str | None) -> Any:
    with next_id(table_models, "random_route_table_id", own_id):
        return ec2.create_route_table(vpc)


def find_vpc(ec2: Any, wanted: Mapping[str, Any]) -> str | None:
    """Return the id of the VPC with the id or the tags that a file names; None if there is none."""
    if wanted["id"]:
        return wanted["id"] if wanted["id"] in ec2.vpcs else None
    return next((v for v in ec2.vpcs if wanted["tags"].items() <= ec2.tags[v].items()), None)


def _ids(chosen: Mapping[str, Any]) -> list[str | None]:
    return list(chosen["ids"]) or [None] * len(ZONES)


def _make_subnet(
    ec2: Any, vpc: str, own_id: str | None, number: int, region: str, chosen: Mapping[str, Any]
) -> str:
    """Make a subnet, in the zones in turn, and return its id; with one of AWS's if the file names none."""
    zone = f"{region}{ZONES[number % len(ZONES)]}"
    with next_id(subnet_models, "random_subnet_id", own_id):
        cidr, tags = f"10.0.{number}.0/24", {"subnet": dict(chosen["tags"])}
        made = ec2.create_subnet(vpc, cidr, availability_zone=zone, tags=tags)
    return str(made.id)


def _tags(wanted: Mapping[str, Any]) -> list[dict[str, str]]:
    return [{"Key": key, "Value": value} for key, value in wanted["tags"].items()]


@contextmanager
def next_id(module: Any, function: str, own_id: str | None) -> Iterator[None]:
    """Let moto give this id to what it makes within the block; its own kind of id if it is None."""
    original = getattr(module, function)
    if own_id:
        setattr(module, function, lambda *_args, **_named: own_id)
    try:
        yield
    finally:
        setattr(module, function, original)
