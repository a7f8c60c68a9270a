from collections.abc import Iterator
from ipaddress import IPv4Network

from desired_state.checks.violation import Violation
from desired_state.network import LONGEST_PREFIX
from desired_state.platform import Platform

_VPC_PREFIXES = range(16, 28 + 1)


def check_network(platform: Platform) -> Iterator[Violation]:
    """Check that the VPC is a /16 to a /28 (CreateVpc) and that the subnets fit into it."""
    wanted = platform.network
    vpc, prefix = IPv4Network(wanted.cidr), wanted.subnets["public"].prefix
    if vpc.prefixlen not in _VPC_PREFIXES:
        yield Violation(("network", "cidr"), f"{vpc} is a /{vpc.prefixlen}; a VPC is a /16 to a /28")
    elif len(wanted.public_blocks()) < wanted.zones:
        room = len(wanted.public_blocks())
        yield Violation(
            ("network", "subnets", "public", "prefix"),
            f"{vpc} has room for {room} subnets of /{prefix}, and there are {wanted.zones} zones"
            f"; {_suggest_remedy(vpc, wanted.zones)}",
            depends_on=(("network",),),
        )


def _suggest_remedy(vpc: IPv4Network, zones: int) -> str:
    longest = vpc.prefixlen + (zones - 1).bit_length()
    return f"write {longest} or more" if longest <= LONGEST_PREFIX else "make the VPC larger"
