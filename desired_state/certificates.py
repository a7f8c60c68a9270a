"""Which names a certificate that is requested for a listener is for: the hosts of the routes to it."""

from collections.abc import Iterator

from desired_state.doors import Door
from desired_state.hosts import Host, can_have_record, find_door_of, is_covered, list_hosts
from desired_state.load_balancer import AUTO
from desired_state.platform import Platform

MOST_OF_FIRST = 64  # characters of the shortest name, which is the common name (ACM API reference)


def list_auto_doors(platform: Platform) -> list[Door]:
    """Return the listeners whose certificate is requested."""
    return [door for door, listener in platform.doors.items() if listener.certificate == AUTO]


def list_hosts_at(platform: Platform, door: Door) -> Iterator[Host]:
    """Yield the hosts of the routes to a listener."""
    for host in list_hosts(platform):
        if find_door_of(platform, host) == door:
            yield host


def list_names(platform: Platform, door: Door) -> frozenset[str]:
    """Return the names that the certificate of a listener is for: its hosts that are names in DNS."""
    return frozenset(host.name for host in list_hosts_at(platform, door) if can_have_record(host.name))


def find_unnamed(platform: Platform, door: Door) -> Iterator[Host]:
    """Yield the hosts with wildcards that are no names in DNS, and that no name of the certificate covers."""
    names = list_names(platform, door)
    for host in list_hosts_at(platform, door):
        if not can_have_record(host.name) and not is_covered(host.name, names):
            yield host
