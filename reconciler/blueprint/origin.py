"""The scheme, host and port that clients reach a load balancer by."""

from collections.abc import Mapping

from desired_state.doors import Door
from desired_state.hosts import Host, find_door_of, list_records
from desired_state.load_balancer import Listener
from desired_state.platform import Platform
from reconciler.blueprint.existing import Existing

DEFAULT_PORTS = {"HTTP": 80, "HTTPS": 443}


def find_origin(platform: Platform, balancer: str, existing: Existing | None, dns: str) -> str:
    """Return scheme, host and port of a listener that answers: with HTTPS and routes, if there is one."""
    routed = platform.routed_doors
    listeners = {door: one for door, one in platform.doors.items() if door.balancer == balancer}
    ways = {
        door: _find_way(listener, (existing or {}).get((*door.where, "existing"), {}))
        for door, listener in listeners.items()
    }

    def rank(door: Door) -> tuple[bool, bool, bool]:
        return door in routed, not listeners[door].redirect, ways[door][0] == "HTTPS"

    return _format(*ways[max(ways, key=rank)], dns)


def find_named_origin(platform: Platform, existing: Existing | None, host: Host) -> str:
    """Return scheme, host and port by which a host that has a record is reached."""
    door = find_door_of(platform, host)
    known = (existing or {}).get((*door.where, "existing"), {})
    return _format(*_find_way(platform.doors[door], known), host.name)


def find_name(platform: Platform, balancer: str) -> Host | None:
    """Return the first host whose record leads to a load balancer; None if none does, or none of one name."""
    found = (host for name, host in list_records(platform).items() if not name.startswith("*"))
    return next((host for host in found if find_door_of(platform, host).balancer == balancer), None)


def _format(protocol: str, port: int, host: str) -> str:
    return f"{protocol.lower()}://{host}" + (f":{port}" if port != DEFAULT_PORTS[protocol] else "")


def _find_way(listener: Listener, known: Mapping[str, str]) -> tuple[str, int]:
    """Return the protocol and the port of a listener, given what is known of it if it exists already."""
    if listener.existing:
        return known.get("protocol", "HTTP"), int(known.get("port", DEFAULT_PORTS["HTTP"]))
    return listener.protocol, listener.port
