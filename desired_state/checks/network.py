import re
from collections.abc import Iterator
from ipaddress import IPv4Network

from desired_state.checks.violation import Violation
from desired_state.network import LONGEST_PREFIX, ZONE_NAME
from desired_state.platform import Platform

_VPC_PREFIXES = range(16, 28 + 1)


def check_network(platform: Platform) -> Iterator[Violation]:
    """Check that the VPC is a /16 to a /28 (CreateVpc), that the subnets fit into it, and the zones' region."""
    wanted = platform.network
    yield from _check_zones(platform)
    vpc, prefix = IPv4Network(wanted.cidr), wanted.subnets["public"].prefix
    if vpc.prefixlen not in _VPC_PREFIXES:
        yield Violation(("network", "cidr"), f"{vpc} is a /{vpc.prefixlen}; a VPC is a /16 to a /28")
    elif len(wanted.public_blocks()) < wanted.zone_count:
        room = len(wanted.public_blocks())
        longest = vpc.prefixlen + (wanted.zone_count - 1).bit_length()
        yield Violation(
            ("network", "subnets", "public", "prefix"),
            f"{vpc} has room for {room} subnets of /{prefix}, and there are {wanted.zone_count} zones"
            + "; make the VPC larger" * (longest > LONGEST_PREFIX),
            depends_on=(("network",),),
            candidates=(longest,),
        )


def _check_zones(platform: Platform) -> Iterator[Violation]:
    """Check the region in the zones' names. Which zones there are is known to AWS only."""
    zones = platform.network.zones if isinstance(platform.network.zones, tuple) else ()
    for zone in zones:
        region = zone[:-1]
        if re.fullmatch(ZONE_NAME, zone) and platform.region and region != platform.region:
            message = f"{zone} is a zone of {region}, and the platform is in {platform.region}"
            yield Violation(("network", "zones"), message, depends_on=(("region",),))
