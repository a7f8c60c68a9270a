"""The addresses behind {discovery.NAME} and {discovery.NAME.PORT}: host and port of a service of the file."""

from collections.abc import Iterator, Mapping

from desired_state.absence import is_none
from desired_state.service import Service
from desired_state.tree import Located, find

PREFIX = "discovery."
DOMAIN = "namespace"  # among the values that only AWS knows: the DNS name of a namespace that exists


def list_addresses(tree: Located, domain: str | None) -> Iterator[tuple[str, str | None]]:
    """Yield the placeholders with their addresses; None where only AWS knows the name of the namespace.

    `domain` is the DNS name of a namespace that exists, if it is known.
    """
    discovery, services = find(tree, ("discovery",)), find(tree, ("services",)).value
    existing, named = discovery.child("existing"), discovery.child("namespace")
    if existing is None or is_none(existing.value):
        domain = str(named.value) if named else None
    for name, service in services.items() if isinstance(services, Mapping) else ():
        for port, number in _list_ports(service):
            yield f"{PREFIX}{name}{port}", domain and f"{name}.{domain}:{number}"


def _list_ports(service: Located) -> Iterator[tuple[str, object]]:
    """Yield what follows the service's name, and the port: nothing for the first, and each name of `ports`."""
    written, ports = service.child("port"), service.child("ports")
    several = ports.value if ports and isinstance(ports.value, Mapping) else {}
    named = {key: node for key, node in several.items() if not is_none(node.value)}
    if named:
        first = next((node for node in named.values() if _read(node, "protocol") != "udp"), None)
        yield "", _read(first or next(iter(named.values())), "port")
        yield from ((f".{key}", _read(node, "port")) for key, node in named.items())
        return
    number = written.value if written else Service.model_fields["port"].default
    if not is_none(number):
        yield "", number


def _read(port: Located, key: str) -> object:
    """Return a key of a port, which is perhaps just a number."""
    if isinstance(port.value, Mapping):
        node = port.child(key)
        return node.value if node else None
    return port.value if key == "port" else None
