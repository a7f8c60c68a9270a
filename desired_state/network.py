"""The VPC and its subnets."""

import re
from collections.abc import Mapping
from ipaddress import IPv4Network
from itertools import islice
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field, WithJsonSchema

from desired_state.absence import Entries
from desired_state.part import Part, WrongValue, quote


def _validate_cidr(value: str) -> str:
    try:
        network = IPv4Network(value, strict=False)
    except ValueError:
        raise WrongValue("is not an IPv4 network, such as 10.0.0.0/16") from None
    if "/" not in value:
        raise WrongValue("has no prefix length, such as /16", [f"{value}/16", f"{value}/32"])
    if str(network) != value:
        raise WrongValue("has host bits set", [str(network)])
    return value


def _validate_tier(value: str) -> str:
    if value != "public":
        raise WrongValue("is not supported yet: all subnets are public today")
    return value


Cidr = Annotated[str, AfterValidator(_validate_cidr)]
Tier = Annotated[str, AfterValidator(_validate_tier)]


ADDRESSES_KEPT_BY_AWS = 5  # in each subnet (VPC user guide, "Subnet sizing")
ZONE_COUNTS = range(2, 6 + 1)  # a load balancer needs two (ELB user guide)
ZONE_NAME = r"[a-z]{2,4}(-[a-z]+)+-\d+[a-z]"  # us-east-1a
ZONE_ID = r"[a-z]+\d+-az\d+"  # use1-az1


def _validate_zones(value: Any) -> int | tuple[str, ...]:
    match value:
        case None:
            wrong = "is null, and cannot be absent: give a number of zones, or their names, or leave it out"
        case bool() | str() | dict() | float():
            raise WrongValue("is neither a number of zones nor a list of them")
        case int() if value not in ZONE_COUNTS:
            raise WrongValue(f"is out of range: {ZONE_COUNTS[0]} to {ZONE_COUNTS[-1]}")
        case tuple():
            wrong = _explain_zones(value)
        case _:
            wrong = ""
    if wrong:
        raise ValueError(wrong)
    return value  # type: ignore[no-any-return]  # an int or a tuple of strings by now


def _explain_zones(zones: tuple[Any, ...]) -> str:
    for zone in zones:
        if not isinstance(zone, str) or not re.fullmatch(f"{ZONE_NAME}|{ZONE_ID}", zone):
            shown = quote(zone) if isinstance(zone, str) else "an item"
            return f"{shown} is no zone's name, such as us-east-1a, or id, such as use1-az1"
        if zones.count(zone) > 1:
            return f"names {zone} twice"
    few_or_many = len(zones) not in ZONE_COUNTS
    return f"names {len(zones)}: {ZONE_COUNTS[0]} to {ZONE_COUNTS[-1]} are right" if few_or_many else ""


Zones = Annotated[
    int | tuple[str, ...],
    BeforeValidator(_validate_zones),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "integer", "minimum": ZONE_COUNTS[0], "maximum": ZONE_COUNTS[-1]},
                {"type": "array", "items": {"type": "string", "pattern": f"^(?:{ZONE_NAME}|{ZONE_ID})$"}},
            ]
        }
    ),
]

LONGEST_PREFIX = 27  # a load balancer refuses smaller subnets (ELB user guide)


class Subnet(Part):
    """A tier of subnets, with one subnet in each zone."""

    prefix: int = Field(24, ge=16, le=LONGEST_PREFIX)
    """Prefix length of each subnet, 16 to 27."""


class Network(Part):
    """The VPC, with DNS and an internet gateway, without NAT."""

    cidr: Cidr = "10.0.0.0/16"
    """IPv4 range (CIDR) of the VPC, /16 to /28."""

    zones: Zones = 2
    """Number of availability zones, 2 to 6, or their names or ids; a load balancer needs two."""

    subnets: Annotated[Mapping[Tier, Subnet], Entries()] = Field({"public": Subnet()}, min_length=1)
    """Subnet tiers by name; only `public`, with public addresses, is supported today."""

    @property
    def zone_count(self) -> int:
        """Number of availability zones."""
        return self.zones if isinstance(self.zones, int) else len(self.zones)

    def public_blocks(self, count: int | None = None) -> tuple[IPv4Network, ...]:
        """Return the first ranges of public subnets, by default one a zone; fewer if the VPC has no room."""
        vpc, prefix = IPv4Network(self.cidr), self.subnets["public"].prefix
        if prefix < vpc.prefixlen:
            return ()
        return tuple(islice(vpc.subnets(new_prefix=prefix), self.zone_count if count is None else count))

    def free_addresses(self) -> int:
        """Return the number of addresses of all subnets that AWS does not keep for itself."""
        return sum(block.num_addresses - ADDRESSES_KEPT_BY_AWS for block in self.public_blocks())
