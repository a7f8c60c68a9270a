from collections.abc import Iterator

from desired_state.checks.violation import Violation
from desired_state.near import find_near
from desired_state.network_doors import TRANSPORTS, find_protocol, is_network
from desired_state.platform import Platform
from desired_state.service import Service
from desired_state.traffic import Route
from desired_state.tree import KeyPath, format_key

_TAKEN = {"load_balancer", "listener", "port"}


def check_network_routes(platform: Platform) -> Iterator[Violation]:
    """Check that routes by network load balancers ask for connections only, each by a listener of its own."""
    taken: dict[object, KeyPath] = {}  # by the door
    for name, service in platform.services.items():
        by_network = [route for route in service.routes if is_network(platform, route)]
        for index, route in enumerate(service.routes):
            where, door = ("services", name, "routes", index), platform.door_of(route)
            if route not in by_network:
                continue
            yield from _check_words(where, route)
            if door.listener and (first := taken.setdefault(door, where)) != where:
                message = (
                    f"leads by {door.listener}, which forwards to {format_key(first)} already: "
                    "give it a listener of its own"
                )
                yield Violation(where, message, depends_on=(first,))
            yield from _check_transport(platform, where, service, route)
        yield from _check_check(name, service, [find_protocol(platform, route) for route in by_network])
        if by_network and service.scaling and service.scaling.requests:
            message = "counts requests, and a network load balancer sends connections: give cpu or memory"
            yield Violation(("services", name, "scaling", "requests"), message)


def _check_words(where: KeyPath, route: Route) -> Iterator[Violation]:
    for word in sorted(route.model_fields_set - _TAKEN):
        message = "leave it out: a network load balancer reads no requests, and forwards all that comes"
        yield Violation((*where, word), message, depends_on=((*where, "load_balancer"),))


def _check_transport(platform: Platform, where: KeyPath, service: Service, route: Route) -> Iterator[Violation]:
    """Check that the port is of the listener's protocol; one of both forwards to both ports of a number."""
    protocol, own = find_protocol(platform, route), service.port_of(route)
    port, transports = service.listens.get(own or ""), TRANSPORTS.get(protocol, ())
    if port is None or not transports:
        return
    number, depends_on = port.port, (platform.door_of(route).where, ("services", where[1], "ports"))
    missing = {*transports} - {one.transport for one in service.listens.values() if one.port == number}
    if port.transport not in transports or (protocol == "TCP_UDP" and port.transport == "tcp"):
        wanted = transports[-1]
        message = f"{number} is {port.transport.upper()}, and the listener is {protocol}: "
        message += f"name a port of `ports` with `protocol: {wanted}`"
        yield Violation((*where, "port"), message, depends_on=depends_on)
    elif missing:
        message = f"TCP_UDP forwards both to {number}: give it in `ports` twice, once with `protocol: udp`"
        yield Violation((*where, "port"), message, depends_on=depends_on)


def _check_check(name: str, service: Service, protocols: list[str]) -> Iterator[Violation]:
    """Check that what is checked is a port with TCP, and that a check of UDP names one."""
    check, where = service.health_check, ("services", name, "health_check")
    udp = [one for one in protocols if one in ("UDP", "TCP_UDP")]
    known = [own for own, port in service.ports.items() if port.transport == "tcp"]
    if "UDP" in udp and check.port is None:
        message = (
            "names no port: UDP cannot be checked, so name one of `ports` with TCP that tells how the task is"
        )
        yield Violation(where, message, depends_on=(("services", name, "ports"), ("services", name, "routes")))
    if check.port and check.port not in known:
        near = find_near(check.port, known)
        there = f"; there are {', '.join(known)}" if known else ""
        message = f"there is no port {check.port} with TCP in `ports`" + ("" if near else there)
        meant = (near,) if near else ()
        yield Violation((*where, "port"), message, depends_on=(("services", name, "ports"),), candidates=meant)
    if check.protocol == "TCP" and service.routes and not protocols:
        message = "leave it out: an application load balancer checks over HTTP"
        yield Violation((*where, "protocol"), message, depends_on=(("services", name, "routes"),))
