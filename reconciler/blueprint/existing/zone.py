"""The hosted zone of the hosts: it is there, once, and takes records for all of them."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from desired_state.checks.dns import ZONE as WHERE
from desired_state.checks.dns import tell_outside
from desired_state.dns import ZONE_ID, Dns
from desired_state.hosts import lies_in, list_hosts, list_records
from desired_state.mistakes import Mistake
from desired_state.platform import Platform
from reconciler.aws.reads import Reads
from reconciler.blueprint.existing.found import Found
from reconciler.resources.dns_zones import list_records_of_zone, read_name

MOST_ZONES = "100"  # of a name and those after it that one call tells
UNKNOWN = ("NoSuchHostedZone", "InvalidInput")

Raw = Mapping[str, Any]


def read_zone(reads: Reads, platform: Platform) -> Iterator[Found | Mistake]:
    """Yield the zone, or what is wrong with it."""
    dns = platform.dns
    if dns is None:
        return
    asking = reads.assuming(dns.role)
    zones = _find_zones(asking, dns)
    if len(zones) != 1:
        yield platform.mistake(WHERE, _tell_number(dns, zones))
        return
    zone = zones[0]
    own_id, name = zone["Id"].rpartition("/")[2], read_name(zone["Name"])
    if linked := zone.get("LinkedService"):
        message = f"{own_id} ({name}) is of {linked['ServicePrincipal']}, which alone can make records in it"
        yield platform.mistake(WHERE, message)
        return
    is_private = zone.get("Config", {}).get("PrivateZone", False)
    yield Found(WHERE, {"id": own_id, "name": name, "private": "true" if is_private else ""})
    for host in list_hosts(platform):
        if not lies_in(host.name, name):
            yield platform.mistake(host.where, tell_outside(host.name, name))
    yield from _find_delegated(asking, platform, own_id, name)


def _find_zones(reads: Reads, dns: Dns) -> Sequence[Raw]:
    """Return the zones that have the id or the name of the file. Lists of names go on to other names."""
    if re.fullmatch(ZONE_ID, dns.zone):
        found = reads.ask("route53", "get_hosted_zone", "HostedZone", UNKNOWN, Id=dns.zone)
        return [found] if found else []
    begin: Mapping[str, Any] = {"DNSName": dns.zone, "MaxItems": MOST_ZONES}
    every = reads.ask("route53", "list_hosted_zones_by_name", "HostedZones[]", **begin) or ()
    return [zone for zone in every if read_name(zone["Name"]) == dns.zone]


def _tell_number(dns: Dns, zones: Sequence[Raw]) -> str:
    place = "the role's account" if dns.role else "this account"
    if not zones:
        return f"there is no hosted zone {dns.zone} in {place}"
    told = (
        f"{zone['Id'].rpartition('/')[2]} ({'private' if zone['Config']['PrivateZone'] else 'public'})"
        for zone in zones
    )
    return f"{place} has several zones {dns.zone}: write the id of one, {', '.join(told)}"


def _find_delegated(reads: Reads, platform: Platform, zone: str, name: str) -> Iterator[Mistake]:
    """Yield the hosts that the zone delegates to other name servers: a record for them would be dead."""
    servers = [record for record in list_records_of_zone(reads, zone) if record["Type"] == "NS"]
    below = {read_name(record["Name"]) for record in servers} - {name}
    for host in list_records(platform).values():
        for cut in sorted(below):
            if lies_in(host.name, cut):
                message = (
                    f"{host.name} is not answered by the zone {name}, which delegates {cut} to other servers"
                )
                yield platform.mistake(host.where, message)
