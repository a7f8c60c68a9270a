import re
from collections.abc import Iterator
from ipaddress import IPv4Network
from itertools import combinations

from desired_state.checks.violation import Violation
from desired_state.existing import ExistingNetwork
from desired_state.network import LONGEST_PREFIX, PRIVATE, PUBLIC, TIERS, Network
from desired_state.platform import Platform
from desired_state.tree import KeyPath
from desired_state.zones import ZONE_NAME

_VPC_PREFIXES = range(16, 28 + 1)
_SUBNETS: KeyPath = ("network", "subnets")


def check_network(platform: Platform) -> Iterator[Violation]:
    """Check that the VPC is a /16 to a /28 (CreateVpc), that the subnets fit into it, and the zones' region."""
    wanted = platform.network
    if wanted.existing:
        yield from _check_existing(wanted, wanted.existing)
        return
    yield from _check_zones(platform)
    vpc = IPv4Network(wanted.cidr)
    if vpc.prefixlen not in _VPC_PREFIXES:
        yield Violation(("network", "cidr"), f"{vpc} is a /{vpc.prefixlen}; a VPC is a /16 to a /28")
        return
    for tier, settings in wanted.subnets.items():
        check = _check_ranges if settings.ranges else _check_room
        yield from check(tier, wanted)
    yield from _check_overlaps(wanted)
    yield from _check_ways_out(wanted)


def _check_existing(wanted: Network, existing: ExistingNetwork) -> Iterator[Violation]:
    """Check that nothing is described beside what exists, and that each part is named in one way."""
    where: KeyPath = ("network", "existing")
    for key in sorted(wanted.model_fields_set - {"existing", "endpoints"}):
        if getattr(wanted, key):
            message = (
                "describes a network of this stack's own; leave it out beside `existing`, also in other files"
            )
            yield Violation(("network", key), message, depends_on=(where,))
    named: dict[KeyPath, tuple[bool, bool]] = {("vpc",): (bool(existing.vpc.id), bool(existing.vpc.tags))}
    for tier, chosen in existing.subnets.items():
        named["subnets", tier] = (bool(chosen.ids), bool(chosen.tags))
    for part, given in named.items():
        if given[0] == given[1]:
            yield Violation((*where, *part), "give either ids or tags" + ", not both" * all(given))
    for tier in existing.subnets.keys() - {*TIERS}:
        yield Violation((*where, "subnets", tier), "is no tier of subnets: there are public and private")


def _check_room(tier: str, wanted: Network) -> Iterator[Violation]:
    """Check that the tier's part of the VPC has a range for each zone."""
    room = len(wanted.blocks(tier))
    if room < wanted.zone_count:
        part = IPv4Network(wanted.cidr).prefixlen + (tier == PRIVATE)
        longest = part + (wanted.zone_count - 1).bit_length()
        where = f"the second half of {wanted.cidr}" if tier == PRIVATE else wanted.cidr
        yield Violation(
            (*_SUBNETS, tier, "prefix"),
            f"{where} has room for {room} subnets of /{wanted.subnets[tier].prefix}, "
            f"and there are {wanted.zone_count} zones" + "; make the VPC larger" * (longest > LONGEST_PREFIX),
            depends_on=(("network",),),
            candidates=(longest,),
        )


def _check_ranges(tier: str, wanted: Network) -> Iterator[Violation]:
    """Check that ranges by hand are one a zone, inside the VPC and large enough."""
    where, settings = (*_SUBNETS, tier, "ranges"), wanted.subnets[tier]
    if "prefix" in settings.model_fields_set:
        yield Violation((*_SUBNETS, tier), "give one of prefix and ranges, not both")
    if len(settings.ranges) < wanted.zone_count:
        message = f"has {len(settings.ranges)} ranges, and there are {wanted.zone_count} zones"
        yield Violation(where, message, depends_on=(("network", "zones"),))
    for index, cidr in enumerate(settings.ranges):
        block = IPv4Network(cidr)
        if not block.subnet_of(IPv4Network(wanted.cidr)):
            message = f"{cidr} is not in the VPC's range, {wanted.cidr}"
            yield Violation((*where, index), message, depends_on=(("network", "cidr"),))
        elif block.prefixlen > LONGEST_PREFIX:
            message = f"{cidr} is smaller than a /{LONGEST_PREFIX}, and a load balancer refuses it"
            yield Violation((*where, index), message)


def _check_overlaps(wanted: Network) -> Iterator[Violation]:
    """Check that no two subnets have addresses in common, nor ranges by hand that no zone has yet."""
    placed = [
        (tier, n, block)
        for tier, settings in wanted.subnets.items()
        for n, block in enumerate(wanted.blocks(tier, len(settings.ranges) or None))
    ]
    for (tier, _, first), (other, number, second) in combinations(placed, 2):
        if first.overlaps(second):
            by_hand = wanted.subnets[other].ranges
            where = (*_SUBNETS, other, *(("ranges", number) if by_hand else ("prefix",)))
            message = (
                f"{second} overlaps {first} of the {tier} subnets; give other ranges, or make the VPC larger"
            )
            yield Violation(where, message, depends_on=(("network",),))
            return


def _check_ways_out(wanted: Network) -> Iterator[Violation]:
    """Check that NAT has subnets on both of its sides, and that private subnets have a way out."""
    if wanted.nat != "none" and (missing := {PUBLIC, PRIVATE} - wanted.subnets.keys()):
        tier = min(missing)
        needs = "has no private subnets to serve" if tier == PRIVATE else "needs public subnets to be in"
        yield Violation(("network", "nat"), f"{needs}; add `{tier}` to `network.subnets`")
    if PRIVATE in wanted.subnets and wanted.nat == "none" and not wanted.endpoints:
        message = (
            "has no way out, and no task in it could pull its image: write `nat: one` or `endpoints: auto`"
        )
        yield Violation(
            (*_SUBNETS, PRIVATE), message, depends_on=(("network", "nat"), ("network", "endpoints"))
        )


def _check_zones(platform: Platform) -> Iterator[Violation]:
    """Check the region in the zones' names. Which zones there are is known to AWS only."""
    zones = platform.network.zones if isinstance(platform.network.zones, tuple) else ()
    for zone in zones:
        region = zone[:-1]
        if re.fullmatch(ZONE_NAME, zone) and platform.region and region != platform.region:
            message = f"{zone} is a zone of {region}, and the platform is in {platform.region}"
            yield Violation(("network", "zones"), message, depends_on=(("region",),))
