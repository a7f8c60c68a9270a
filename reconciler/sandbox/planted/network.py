"""A VPC with public and private subnets, and ways out of them, with the ids and the tags that a file names."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from itertools import count
from typing import Any

from moto.ec2 import ec2_backends
from moto.ec2.models import subnets as subnet_models
from moto.ec2.models import vpcs as vpc_models

CIDR = "10.0.0.0/16"
ZONES = ("a", "b")
ANYWHERE = "0.0.0.0/0"


def plant_network(part: Mapping[str, Any], account: str, region: str) -> None:
    ec2 = ec2_backends[account][region]
    if _is_there(ec2, part["vpc"]):
        return
    with _next_id(vpc_models, "random_vpc_id", part["vpc"]["id"]):
        vpc = ec2.create_vpc(CIDR, tags=_tags(part["vpc"]))
    ec2.modify_vpc_attribute(vpc.id, "enable_dns_hostnames", "true")
    gateway = ec2.create_internet_gateway()
    ec2.attach_internet_gateway(gateway.id, vpc.id)
    numbers, nat = count(), None
    for tier, chosen in sorted(part["subnets"].items(), reverse=True):  # public ones first
        placed = [_make_subnet(ec2, vpc.id, own_id, next(numbers), region, chosen) for own_id in _ids(chosen)]
        table = ec2.create_route_table(vpc.id)
        if tier == "public":
            ec2.create_route(table.id, ANYWHERE, gateway_id=gateway.id)
            address = ec2.allocate_address("vpc")
            nat = ec2.create_nat_gateway(placed[0], address.allocation_id)
        elif nat:
            ec2.create_route(table.id, ANYWHERE, nat_gateway_id=nat.id)
        else:  # through a network of the owner's, of which nothing else is played
            ec2.create_route(table.id, ANYWHERE, gateway_id=gateway.id)
        for own_id in placed:
            ec2.associate_route_table(table.id, subnet_id=own_id)


def _is_there(ec2: Any, wanted: Mapping[str, Any]) -> bool:
    if wanted["id"]:
        return wanted["id"] in ec2.vpcs
    there = ({tag["key"]: tag["value"] for tag in ec2.describe_tags({"resource-id": [v]})} for v in ec2.vpcs)
    return any(wanted["tags"].items() <= tags.items() for tags in there)


def _ids(chosen: Mapping[str, Any]) -> list[str | None]:
    return list(chosen["ids"]) or [None] * len(ZONES)


def _make_subnet(
    ec2: Any, vpc: str, own_id: str | None, number: int, region: str, chosen: Mapping[str, Any]
) -> str:
    """Make a subnet, in the zones in turn, and return its id; with one of AWS's if the file names none."""
    zone = f"{region}{ZONES[number % len(ZONES)]}"
    with _next_id(subnet_models, "random_subnet_id", own_id):
        cidr, tags = f"10.0.{number}.0/24", {"subnet": dict(chosen["tags"])}
        made = ec2.create_subnet(vpc, cidr, availability_zone=zone, tags=tags)
    return str(made.id)


def _tags(wanted: Mapping[str, Any]) -> list[dict[str, str]]:
    return [{"Key": key, "Value": value} for key, value in wanted["tags"].items()]


@contextmanager
def _next_id(module: Any, function: str, own_id: str | None) -> Iterator[None]:
    """Let moto give this id to what it makes within the block; its own kind of id if it is None."""
    original = getattr(module, function)
    if own_id:
        setattr(module, function, lambda: own_id)
    try:
        yield
    finally:
        setattr(module, function, original)
