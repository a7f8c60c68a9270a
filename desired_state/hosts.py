"""The hosts of routes as names in DNS: which of them get records, and where the file says them."""

import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import takewhile
from typing import NamedTuple

from desired_state.doors import Door
from desired_state.platform import Platform
from desired_state.tree import KeyPath

_LABEL = r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?"
_RECORD = re.compile(rf"(\*\.)?({_LABEL}\.)+{_LABEL}")


class Host(NamedTuple):
    """A host of a route, in lower case."""

    name: str
    service: str
    route: int
    """Number of the route among the service's, from 0."""
    where: KeyPath


def list_hosts(platform: Platform) -> Iterator[Host]:
    """Yield the hosts of all routes, in the order of the file; one of two routes comes twice."""
    for service, settings in platform.services.items():
        for number, route in enumerate(settings.routes):
            for index, host in enumerate(route.hosts):
                where = ("services", service, "routes", number, "hosts", index)
                yield Host(host.lower(), service, number, where)


def find_door_of(platform: Platform, host: Host) -> Door:
    """Return the door of a host's route."""
    return platform.door_of(platform.services[host.service].routes[host.route])


def can_have_record(host: str) -> bool:
    """Tell whether DNS has such a name: a `*` stands alone before the first dot, or there is none."""
    return re.fullmatch(_RECORD, host) is not None


def lies_in(host: str, zone: str) -> bool:
    """Tell whether a host is the zone's name or below it."""
    return f".{host}".endswith(f".{zone}")


def list_records(platform: Platform) -> Mapping[str, Host]:
    """Return the hosts that get a record, each with the first route that has it; none without a zone."""
    hosts = list_hosts(platform) if platform.dns else ()
    found: dict[str, Host] = {}
    for host in hosts:
        if can_have_record(host.name):
            found.setdefault(host.name, host)
    return found


def find_common_domain(platform: Platform) -> str:
    """Return the longest domain that all hosts with records are in; one for examples if they have none."""
    labels = [host.removeprefix("*.").split(".")[::-1] for host in list_records(platform)]
    same = takewhile(lambda found: len({*found}) == 1, zip(*labels, strict=False))
    return ".".join([found[0] for found in same][::-1]) or "example.com"


def is_covered(host: str, records: Iterable[str]) -> bool:
    """Tell whether a record with a `*` answers for all names of a host with other wildcards."""
    return any(one.startswith("*.") and lies_in(host, one.removeprefix("*.")) for one in records)
