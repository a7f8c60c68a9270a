import re
from collections.abc import Iterator, Mapping

from desired_state.checks.violation import Violation
from desired_state.dns import ZONE_ID
from desired_state.doors import where_of
from desired_state.hosts import (
    Host,
    can_have_record,
    find_door_of,
    is_covered,
    lies_in,
    list_hosts,
    list_records,
)
from desired_state.platform import Platform
from desired_state.references import is_unresolved
from desired_state.tree import format_key

ZONE = ("dns", "zone")


def check_dns(platform: Platform) -> Iterator[Violation]:
    """Check that each host can have a record in the zone, if the file has one and says its name."""
    if platform.dns is None:
        return
    records = list_records(platform)
    yield from _find_divided(platform, records)
    for host in list_hosts(platform):
        if is_unresolved(host.name):
            continue
        if not can_have_record(host.name) and not is_covered(host.name, records):
            message = (
                f"no record can be for {host.name}: a name in DNS has a * only as a whole first part, as in "
                "*.example.com; add such a host that covers it"
            )
            yield Violation(host.where, message, depends_on=(ZONE,))
        elif not is_in_zone(host.name, platform.dns.zone):
            yield Violation(host.where, tell_outside(host.name, platform.dns.zone), depends_on=(ZONE,))


def _find_divided(platform: Platform, records: Mapping[str, Host]) -> Iterator[Violation]:
    """Yield the hosts of two load balancers: a name leads to one."""
    for host in list_hosts(platform):
        first = records.get(host.name)
        if first is None:
            continue
        own, other = (find_door_of(platform, one).balancer for one in (host, first))
        if own != other:
            names = [format_key(where_of(key)) for key in (other, own)]
            message = f"{host.name} would lead to {names[0]} and to {names[1]}: a name in DNS leads to one"
            yield Violation(host.where, message, depends_on=(first.where, ZONE))


def is_in_zone(host: str, zone: str) -> bool:
    """Tell whether a host is in a zone; of one that is given by its id, or by a placeholder, it may be."""
    return re.fullmatch(ZONE_ID, zone) is not None or is_unresolved(zone) or lies_in(host, zone)


def tell_outside(host: str, zone: str) -> str:
    """Say that a host is not in the zone, and what can be done."""
    return (
        f"{host} is not in the zone {zone}, where hosts get their records: `dns.zone` is one zone for all hosts"
    )
