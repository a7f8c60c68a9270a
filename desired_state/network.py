"""The VPC and its subnets."""

from collections.abc import Mapping
from ipaddress import IPv4Network
from itertools import islice
from typing import Annotated

from pydantic import AfterValidator, Field

from desired_state.absence import Entries
from desired_state.part import Part, quote


def _validate_cidr(value: str) -> str:
    try:
        network = IPv4Network(value, strict=False)
    except ValueError:
        raise ValueError(f"{quote(value)} is not an IPv4 network, such as 10.0.0.0/16") from None
    if "/" not in value:
        raise ValueError(f"{value!r} has no prefix length; write it with one, such as {value}/16")
    if str(network) != value:
        raise ValueError(f"{value!r} has host bits set; did you mean {network}?")
    return value


def _validate_tier(value: str) -> str:
    if value != "public":
        raise ValueError(f"{quote(value)} is not supported: all subnets are public today")
    return value


Cidr = Annotated[str, AfterValidator(_validate_cidr)]
Tier = Annotated[str, AfterValidator(_validate_tier)]


LONGEST_PREFIX = 27  # a load balancer refuses smaller subnets (ELB user guide)


class Subnet(Part):
    """A tier of subnets, with one subnet in each zone."""

    prefix: int = Field(24, ge=16, le=LONGEST_PREFIX)
    """Prefix length of each subnet, 16 to 27."""


class Network(Part):
    """The VPC, with DNS and an internet gateway, without NAT."""

    cidr: Cidr = "10.0.0.0/16"
    """IPv4 range (CIDR) of the VPC, /16 to /28."""

    zones: int = Field(2, ge=2, le=6)
    """Number of availability zones, 2 to 6; a load balancer needs two."""

    subnets: Annotated[Mapping[Tier, Subnet], Entries()] = Field({"public": Subnet()}, min_length=1)
    """Subnet tiers by name; only `public`, with public addresses, is supported today."""

    def public_blocks(self) -> tuple[IPv4Network, ...]:
        """Return the ranges of the public subnets, one a zone; fewer if the VPC has no room for all."""
        vpc, prefix = IPv4Network(self.cidr), self.subnets["public"].prefix
        if prefix < vpc.prefixlen:
            return ()
        return tuple(islice(vpc.subnets(new_prefix=prefix), self.zones))
