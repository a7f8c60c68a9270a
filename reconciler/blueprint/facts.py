"""Read the few facts about AWS that the blueprint depends on."""

from dataclasses import dataclass

from desired_state.platform import Platform
from reconciler.aws.reads import Reads
from reconciler.blueprint.existing import Existing, read_existing
from reconciler.blueprint.zones import find_subnets, place_subnets
from reconciler.errors import RunRefused


@dataclass(frozen=True)
class Facts:
    """The account, region and zones of a platform."""

    account: str  # 12 digits
    partition: str  # aws, aws-cn, aws-us-gov, …
    region: str
    zones: tuple[str, ...]  # of the subnets, in their order
    numbers: tuple[int, ...] = ()  # of the subnets, which name them and choose their ranges; empty: 1, 2, …
    existing: Existing | None = None  # what the file says exists already; None if it was not read

    @property
    def subnets(self) -> tuple[tuple[int, str], ...]:
        """The number and the zone of each subnet."""
        return tuple(zip(self.numbers or range(1, len(self.zones) + 1), self.zones, strict=True))


@dataclass(frozen=True)
class Caller:
    """Whose credentials a run has."""

    account: str  # 12 digits
    arn: str  # of a user, or of a role's session


def assume_facts(platform: Platform, partition: str) -> Facts:
    """Return facts that are not read: they give all specs of the platform, with their names in AWS."""
    zones = ("",) * platform.network.zone_count
    return Facts(platform.account or "0" * 12, partition, platform.region or "", zones)


def read_caller(reads: Reads, account: str | None = None) -> Caller:
    """Ask AWS whose credentials these are. Raises `ReadFailed`, and `RunRefused` if not of this account."""
    caller = Caller(*reads.ask("sts", "get_caller_identity", "[Account, Arn]"))
    if account and account != caller.account:
        message = f"the file is for account {account}, but these credentials belong to {caller.account}"
        raise RunRefused(message)
    return caller


def read_facts(
    reads: Reads,
    platform: Platform,
    *,
    account: str | None = None,
    zones_needed: bool = True,
    existing_needed: bool = True,
) -> Facts:
    """Read the account of the credentials, the zones of the subnets and what exists already from AWS.

    Unless zones are needed, they are those of live subnets, whatever the file says. Raises `ReadFailed`,
    `RunRefused` if the credentials are not of this account, and `LoadError` if the file names zones that cannot
    be had, or something that exists already which does not, or does not do.
    """
    zones = reads.meanwhile(place_subnets if zones_needed else find_subnets, reads, platform)
    caller = read_caller(reads, account)
    existing = read_existing(reads, platform) if existing_needed else None
    placed = zones()
    partition = caller.arn.split(":")[1]
    region = reads.aws.region
    return Facts(caller.account, partition, region, tuple(placed.values()), tuple(placed), existing)
