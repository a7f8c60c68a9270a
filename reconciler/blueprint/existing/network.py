"""A VPC and subnets that exist: they are there, in one network, and lead where their tier has to."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from desired_state.checks.endpoints import check_images
from desired_state.existing import ExistingNetwork, ExistingSubnets
from desired_state.mistakes import Mistake
from desired_state.network import PRIVATE, PUBLIC
from desired_state.placement import has_balancer
from desired_state.platform import Platform
from desired_state.tree import KeyPath
from desired_state.zones import ZONE_COUNTS
from reconciler.aws.reads import Reads
from reconciler.blueprint.existing.endpoints_there import find_duplicates, find_unknown_tables, in_vpc
from reconciler.blueprint.existing.found import Found
from reconciler.blueprint.existing.ways_out import find_missing_way, has_route_out
from reconciler.model import tags
from reconciler.resources.vpc import DNS_ATTRIBUTES

WHERE: KeyPath = ("network", "existing")
VPC: KeyPath = (*WHERE, "vpc")
SUBNETS: KeyPath = (*WHERE, "subnets")
MOST_SUBNETS = 16  # of a service (ECS API reference, AwsVpcConfiguration)
RANGES = "ranges"  # the output with all of a VPC's IPv4 ranges, with blanks between them
IPV6 = "ipv6"  # the output with a VPC's IPv6 block
VPC_UNKNOWN = ("InvalidVpcID.NotFound", "InvalidVpcID.Malformed")

Raw = Mapping[str, Any]


def read_network(reads: Reads, platform: Platform) -> Iterator[Found | Mistake]:
    """Yield the VPC and the subnets of each tier, or what is wrong with them."""
    existing = platform.network.existing
    if existing is None:
        return
    vpcs = find_vpcs(reads, existing)
    if len(vpcs) != 1:
        told = "matches no VPC" if not vpcs else f"matches {', '.join(sorted(v['VpcId'] for v in vpcs))}"
        yield platform.mistake(VPC, f"{told} in {reads.aws.region} that these credentials can see")
        return
    vpc = vpcs[0]
    yield Found(VPC, {"id": vpc["VpcId"], RANGES: _list_ranges(vpc), IPV6: _find_ipv6(vpc)})
    yield from _check_dns(reads, platform, vpc["VpcId"])
    yield from find_unknown_tables(reads, platform, vpc["VpcId"])
    yield from find_duplicates(reads, platform, vpc["VpcId"])
    subnets = reads.pages("ec2", "describe_subnets", "Subnets[]", Filters=in_vpc(vpc["VpcId"]))
    for tier, wanted in existing.subnets.items():
        yield from _find_tier(reads, platform, vpc["VpcId"], subnets, (tier, wanted))


def find_vpcs(reads: Reads, existing: ExistingNetwork) -> Sequence[Raw]:
    """Return the VPCs that have the id or the tags of the file: one, if the file is right."""
    if existing.vpc.id:
        asked: dict[str, Any] = {"VpcIds": [existing.vpc.id]}
    else:
        asked = {"Filters": [{"Name": f"tag:{k}", "Values": [v]} for k, v in existing.vpc.tags.items()]}
    return reads.pages("ec2", "describe_vpcs", "Vpcs[]", VPC_UNKNOWN, **asked)


def find_vpc_ids(reads: Reads, platform: Platform) -> set[str]:
    """Return the id of the VPC that the file names; nothing if it names none."""
    existing = platform.network.existing
    return {vpc["VpcId"] for vpc in find_vpcs(reads, existing)} if existing else set()


def _list_ranges(vpc: Raw) -> str:
    """Return a VPC's IPv4 ranges, the first and those that were added. Those that it gave up stay listed."""
    blocks = vpc.get("CidrBlockAssociationSet", ())
    added = {b["CidrBlock"] for b in blocks if b["CidrBlockState"]["State"] == "associated"}
    return " ".join(sorted({vpc["CidrBlock"], *added}))


def _find_ipv6(vpc: Raw) -> str:
    """Return an IPv6 block of a VPC; nothing if it has none. Those that it gave up stay listed."""
    blocks = vpc.get("Ipv6CidrBlockAssociationSet", ())
    return next((b["Ipv6CidrBlock"] for b in blocks if b["Ipv6CidrBlockState"]["State"] == "associated"), "")


def _check_dns(reads: Reads, platform: Platform, vpc: str) -> Iterator[Mistake]:
    """Yield a mistake for each attribute that is off, without which private names lead nowhere."""
    for attribute in DNS_ATTRIBUTES.values():
        name = attribute[0].lower() + attribute[1:]
        path = f"{attribute}.Value"
        if not reads.ask("ec2", "describe_vpc_attribute", path, VpcId=vpc, Attribute=name):
            message = f"{vpc} has {name} off, and private DNS names, such as those of services, need it on"
            yield platform.mistake(VPC, message)


def _find_tier(
    reads: Reads, platform: Platform, vpc: str, subnets: Sequence[Raw], tier: tuple[str, ExistingSubnets]
) -> Iterator[Found | Mistake]:
    name, wanted = tier
    where, by_id = (*SUBNETS, name), {subnet["SubnetId"]: subnet for subnet in subnets}
    if unknown := [own_id for own_id in wanted.ids if own_id not in by_id]:
        there = ", ".join(sorted(by_id)) or "none"
        yield platform.mistake(where, f"{vpc} has no subnet {', '.join(unknown)}; it has {there}")
        return
    chosen = [by_id[own_id] for own_id in wanted.ids] or [s for s in subnets if _has_tags(s, wanted.tags)]
    if not chosen:
        yield platform.mistake(where, f"no subnet of {vpc} has these tags")
        return
    placed = {subnet["SubnetId"]: subnet["AvailabilityZone"] for subnet in chosen}
    yield Found(where, placed)
    if few_or_many := _count_subnets(platform, name, placed):
        yield platform.mistake(where, few_or_many)
    for subnet in chosen:
        if missing := find_missing_way(reads, platform, vpc, subnet["SubnetId"], public=name == PUBLIC):
            yield platform.mistake(where, missing)
    if name == PRIVATE and not all(has_route_out(reads, vpc, subnet) for subnet in placed):
        for violation in check_images(platform, "or give its subnets a route out"):
            yield platform.mistake(violation.where, violation.message)


def _count_subnets(platform: Platform, tier: str, placed: Mapping[str, str]) -> str:
    """Say what is wrong with the number of a tier's subnets or their zones, given by id; nothing if it does."""
    if len(placed) > MOST_SUBNETS:
        return f"there are {len(placed)} subnets, and a service takes {MOST_SUBNETS} at most"
    zones = sorted({*placed.values()})
    balanced = has_balancer(platform, tier)
    return (
        f"all are in {zones[0]}, and a load balancer needs two zones"
        if balanced and len(zones) < ZONE_COUNTS[0]
        else ""
    )


def _has_tags(subnet: Raw, wanted: Mapping[str, str]) -> bool:
    return wanted.items() <= tags.parse(subnet.get("Tags")).items()


def one_in_each_zone(found: Mapping[str, str]) -> frozenset[str]:
    """Return the first subnet of each zone by id, as a load balancer takes one of each, given their zones."""
    by_zone = defaultdict[str, list[str]](list)
    for own_id, zone in found.items():
        by_zone[zone].append(own_id)
    return frozenset(min(ids) for ids in by_zone.values())
