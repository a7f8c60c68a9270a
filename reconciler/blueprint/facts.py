"""The few things about AWS that have to be known before anything can be wanted."""

from dataclasses import dataclass

from desired_state.platform import Platform
from reconciler.aws.reads import Reads
from reconciler.errors import ReadFailed
from reconciler.model import tags


@dataclass(frozen=True)
class Facts:
    """Where the platform will stand."""

    account: str  # 12 digits
    partition: str  # aws, aws-cn, aws-us-gov
    region: str
    zones: tuple[str, ...]  # one to a subnet of each tier, in order


def read_facts(reads: Reads, platform: Platform) -> Facts:
    """Ask AWS who we are and where the subnets lie, or should. Raises `ReadFailed`."""
    zones = reads.pool.submit(_zones, reads, platform)
    account, arn = reads.ask("sts", "get_caller_identity", "[Account, Arn]")
    return Facts(account, arn.split(":")[1], reads.aws.region, zones.result())


def _zones(reads: Reads, platform: Platform) -> tuple[str, ...]:
    """The zones of the subnets that live; for the others the first free ones by name."""
    ours = tags.filters(reads.stack.name)
    live = {
        tags.parse(s["Tags"]).get(tags.NAME): s["AvailabilityZone"]
        for s in reads.pages("ec2", "describe_subnets", "Subnets[]", Filters=ours)
    }
    names = platform.names
    wanted = [live.get(names.subnet("public", number)) for number in range(1, platform.network.zones + 1)]
    if None not in wanted:
        return tuple(zone for zone in wanted if zone)
    free = iter(zone for zone in _available(reads) if zone not in wanted)
    chosen = [zone or next(free, None) for zone in wanted]
    if None in chosen:
        zones = len(chosen) - chosen.count(None)
        raise ReadFailed(
            f"{reads.aws.region} offers {zones} availability zones, network.zones asks for {len(chosen)}"
        )
    return tuple(zone for zone in chosen if zone)


def _available(reads: Reads) -> list[str]:
    # Local and wavelength zones cannot hold all that a platform needs.
    path = "AvailabilityZones[?State=='available' && (!ZoneType || ZoneType=='availability-zone')].ZoneName"
    return sorted(reads.pages("ec2", "describe_availability_zones", path))
