"""Choose the zones of the subnets. Live subnets stay where they are, as long as the file allows it."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import count
from typing import NamedTuple

from desired_state.mistakes import LoadError
from desired_state.network import TIERS
from desired_state.platform import Platform
from desired_state.zones import ZONE_COUNTS
from reconciler.aws.reads import Reads
from reconciler.errors import ReadFailed
from reconciler.model import tags

HIGHEST_NUMBER = 2 * ZONE_COUNTS[-1]  # of a subnet: all of them may be new beside as many old ones

Placed = Mapping[int, str]  # number of a subnet -> its zone


class Zone(NamedTuple):
    """An availability zone of the region. Its name differs between accounts, its id does not."""

    name: str
    own_id: str
    state: str  # available, or what keeps it from being so


def place_subnets(reads: Reads, platform: Platform) -> dict[int, str]:
    """Return the zone of each subnet of ours by its number. Raises `ReadFailed`, `LoadError`."""
    if platform.network.existing:
        return {}
    live, asked = _read_live(reads, platform), platform.network.zones
    if isinstance(asked, int):
        kept = dict(sorted(live.items())[:asked])
        missing = asked - len(kept)
        new = _choose_zones(reads, kept, missing) if missing else ()
    else:
        wanted = _find_named(_list_zones(reads), asked, live, platform)
        kept = {number: zone for zone, number in _first_numbers(live).items() if zone in wanted}
        new = [zone for zone in wanted if zone not in kept.values()]
        if live and not kept:
            raise _mistake(platform, _explain_move(live, asked))
    free = (number for number in count(1) if number not in live)
    placed = dict(sorted((kept | dict(zip(free, new, strict=False))).items()))
    _require_room(platform, placed)
    return placed


def find_subnets(reads: Reads, platform: Platform) -> dict[int, str]:
    """Return the zone of each live subnet by its number; if there is none, those of the file in no zone.

    Subnets that the file has no room for are left out: it does not tell their ranges. Raises `ReadFailed`.
    """
    room = min(len(platform.network.blocks(tier, HIGHEST_NUMBER)) for tier in platform.network.subnets)
    live = {number: zone for number, zone in sorted(_read_live(reads, platform).items()) if number <= room}
    return live or dict.fromkeys(range(1, platform.network.zone_count + 1), "")


def _read_live(reads: Reads, platform: Platform) -> Placed:
    """Return the zones of our live subnets."""
    names = platform.names
    numbers = {names.subnet(tier, n): n for tier in TIERS for n in range(1, HIGHEST_NUMBER + 1)}
    found = reads.pages("ec2", "describe_subnets", "Subnets[]", Filters=tags.filters(reads.stack.name))
    live = {numbers.get(tags.parse(s["Tags"]).get(tags.NAME, "")): s["AvailabilityZone"] for s in found}
    return {number: zone for number, zone in live.items() if number}


def _first_numbers(live: Placed) -> dict[str, int]:
    """Return the lowest number of a subnet in each zone."""
    return {zone: number for number, zone in sorted(live.items(), reverse=True)}


def _list_zones(reads: Reads) -> list[Zone]:
    # Local and wavelength zones lack services that a platform needs.
    path = "AvailabilityZones[?!ZoneType || ZoneType=='availability-zone'].[ZoneName, ZoneId, State]"
    return sorted(Zone(*found) for found in reads.pages("ec2", "describe_availability_zones", path))


def _choose_zones(reads: Reads, kept: Placed, missing: int) -> Sequence[str]:
    """Return the first available zones by name that hold no subnet yet."""
    zones = [z.name for z in _list_zones(reads) if z.state == "available" and z.name not in kept.values()]
    if len(zones) < missing:
        offered, asked = len(kept) + len(zones), len(kept) + missing
        raise ReadFailed(
            f"{reads.aws.region} offers {offered} availability zones, network.zones asks for {asked}"
        )
    return zones[:missing]


def _find_named(zones: Sequence[Zone], asked: Sequence[str], live: Placed, platform: Platform) -> list[str]:
    """Return the names of the zones that the file asks for by name or id."""
    by_word = {word: zone for zone in zones for word in (zone.name, zone.own_id)}
    if problems := list(_find_problems(by_word, asked, live, platform)):
        there = ", ".join(f"{zone.name} ({zone.own_id})" for zone in zones if zone.state == "available")
        raise _mistake(platform, f"{'; '.join(problems)}; available are {there}")
    return [by_word[word].name for word in asked]


def _find_problems(
    by_word: Mapping[str, Zone], asked: Sequence[str], live: Placed, platform: Platform
) -> Iterator[str]:
    first: dict[str, str] = {}
    for word in asked:
        zone = by_word.get(word)
        if zone is None:
            yield f"{word} is not a zone of {platform.region} in this account"
        elif first.setdefault(zone.name, word) != word:
            yield f"{first[zone.name]} and {word} are the same zone"
        elif zone.state != "available" and zone.name not in live.values():
            yield f"{word} is {zone.state} now"


def _explain_move(live: Placed, asked: Sequence[str]) -> str:
    old, new = sorted({*live.values()}), [*asked]
    return (
        f"{', '.join(new)} are other zones than all that the services run in ({', '.join(old)}), and no task "
        f"could be reached until one has moved; apply [{', '.join([*old, *new])}] first"
    )


def _require_room(platform: Platform, placed: Placed) -> None:
    for tier in platform.network.subnets:
        room = len(platform.network.blocks(tier, HIGHEST_NUMBER))
        if found := [zone for number, zone in placed.items() if number > room]:
            raise _no_room(platform, tier, found[0], max(placed))


def _no_room(platform: Platform, tier: str, zone: str, needed: int) -> LoadError:
    """Return the mistake of a subnet that is new beside those that its tasks leave later."""
    network, settings = platform.network, platform.network.subnets[tier]
    if settings.ranges:
        message = (
            f"has {len(settings.ranges)} ranges, and the subnet in {zone} is number {needed}, beside those that "
            "are there until its tasks run; add a range at the end of the list, as each subnet keeps its place in it"
        )
        return LoadError([platform.mistake(("network", "subnets", tier, "ranges"), message)])
    subnet = f"a subnet of /{settings.prefix} in {zone}"
    message = (
        f"{network.cidr} has no room for {subnet} beside those that are there; first remove a zone, and apply"
    )
    return _mistake(platform, message)


def _mistake(platform: Platform, message: str) -> LoadError:
    return LoadError([platform.mistake(("network", "zones"), message)])
