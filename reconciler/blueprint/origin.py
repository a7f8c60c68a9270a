"""The scheme, host and port that clients reach the load balancer by."""

from collections.abc import Collection, Mapping

from desired_state.certificates import list_hosts_at
from desired_state.load_balancer import Listener
from desired_state.platform import Platform
from reconciler.blueprint.existing import Existing
from reconciler.blueprint.existing.load_balancer import LISTENERS

DEFAULT_PORTS = {"HTTP": 80, "HTTPS": 443}


def find_origin(platform: Platform, existing: Existing | None, dns: str, names: Collection[str] = ()) -> str:
    """Return scheme, host and port of a listener that answers: with HTTPS and routes, if there is one.

    The host is the first one of its routes that is among these names in DNS, or else the load balancer's own.
    """
    routed = {platform.listener_of(route) for s in platform.services.values() for route in s.routes}
    doors = {
        name: _find_door(listener, (existing or {}).get((*LISTENERS, name, "existing"), {}))
        for name, listener in platform.listeners.items()
    }
    name = max(
        doors, key=lambda one: (one in routed, not platform.listeners[one].redirect, doors[one][0] == "HTTPS")
    )
    protocol, port = doors[name]
    host = next((host.name for host in list_hosts_at(platform, name) if host.name in names), dns)
    return f"{protocol.lower()}://{host}" + (f":{port}" if port != DEFAULT_PORTS[protocol] else "")


def _find_door(listener: Listener, known: Mapping[str, str]) -> tuple[str, int]:
    """Return the protocol and the port of a listener, given what is known of it if it exists already."""
    if listener.existing:
        return known.get("protocol", "HTTP"), int(known.get("port", DEFAULT_PORTS["HTTP"]))
    return listener.protocol, listener.port
