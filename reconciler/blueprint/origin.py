"""The scheme, host and port that clients reach a load balancer by."""

from collections.abc import Mapping

from desired_state.doors import Door
from desired_state.load_balancer import Listener
from desired_state.platform import Platform
from reconciler.blueprint.existing import Existing

DEFAULT_PORTS = {"HTTP": 80, "HTTPS": 443}


def find_origin(platform: Platform, balancer: str, existing: Existing | None, dns: str) -> str:
    """Return scheme, host and port of a listener that answers: with HTTPS and routes, if there is one."""
    routed = {platform.door_of(route) for s in platform.services.values() for route in s.routes}
    listeners = {door: one for door, one in platform.doors.items() if door.balancer == balancer}
    ways = {
        door: _find_way(listener, (existing or {}).get((*door.where, "existing"), {}))
        for door, listener in listeners.items()
    }

    def rank(door: Door) -> tuple[bool, bool, bool]:
        return door in routed, not listeners[door].redirect, ways[door][0] == "HTTPS"

    protocol, port = ways[max(ways, key=rank)]
    return f"{protocol.lower()}://{dns}" + (f":{port}" if port != DEFAULT_PORTS[protocol] else "")


def _find_way(listener: Listener, known: Mapping[str, str]) -> tuple[str, int]:
    """Return the protocol and the port of a listener, given what is known of it if it exists already."""
    if listener.existing:
        return known.get("protocol", "HTTP"), int(known.get("port", DEFAULT_PORTS["HTTP"]))
    return listener.protocol, listener.port
