"""Read the few facts about AWS that the blueprint depends on."""

from dataclasses import dataclass

from desired_state.platform import Platform
from reconciler.aws.reads import Reads
from reconciler.errors import ReadFailed
from reconciler.model import tags


@dataclass(frozen=True)
class Facts:
    """The account, region and zones of a platform."""

    account: str  # 12 digits
    partition: str  # aws, aws-cn, aws-us-gov, …
    region: str
    zones: tuple[str, ...]  # of the subnets, in their order


@dataclass(frozen=True)
class Caller:
    """Whose credentials a run has."""

    account: str  # 12 digits
    arn: str  # of a user, or of a role's session


def read_caller(reads: Reads) -> Caller:
    """Ask AWS whose credentials these are. Raises `ReadFailed`."""
    return Caller(*reads.ask("sts", "get_caller_identity", "[Account, Arn]"))


def read_facts(reads: Reads, platform: Platform) -> Facts:
    """Read the account of the credentials and the zones of the subnets from AWS. Raises `ReadFailed`."""
    zones = reads.pool.submit(_zones, reads, platform)
    caller = read_caller(reads)
    return Facts(caller.account, caller.arn.split(":")[1], reads.aws.region, zones.result())


def _zones(reads: Reads, platform: Platform) -> tuple[str, ...]:
    """Return the zones of the live subnets, and for missing ones the first free zones by name."""
    ours = tags.filters(reads.stack.name)
    live = {
        tags.parse(s["Tags"]).get(tags.NAME): s["AvailabilityZone"]
        for s in reads.pages("ec2", "describe_subnets", "Subnets[]", Filters=ours)
    }
    names = platform.names
    zones = [live.get(names.subnet("public", number)) for number in range(1, platform.network.zones + 1)]
    if None not in zones:
        return tuple(zone for zone in zones if zone)
    free = iter(zone for zone in _available_zones(reads) if zone not in zones)
    chosen = [zone or next(free, None) for zone in zones]
    if None in chosen:
        offered = len(chosen) - chosen.count(None)
        raise ReadFailed(
            f"{reads.aws.region} offers {offered} availability zones, network.zones asks for {len(chosen)}"
        )
    return tuple(zone for zone in chosen if zone)


def _available_zones(reads: Reads) -> list[str]:
    # Local and wavelength zones lack services that a platform needs.
    path = "AvailabilityZones[?State=='available' && (!ZoneType || ZoneType=='availability-zone')].ZoneName"
    return sorted(reads.pages("ec2", "describe_availability_zones", path))
