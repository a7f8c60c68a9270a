from collections.abc import Iterator
from itertools import chain

from desired_state.checks.groups import check_groups
from desired_state.checks.violation import Violation
from desired_state.near import find_near
from desired_state.ports import ServicePort
from desired_state.service import Service

_MAX_TARGET_GROUPS = 5  # of a service (ECS API reference, "loadBalancers")
_XRAY = ServicePort(port=2000, protocol="udp")  # of the daemon in the same task


def check_ports(wanted: Service) -> Iterator[Violation]:
    """Check that a container can listen on all its ports, and that routes lead to those with TCP."""
    if wanted.port and wanted.ports:
        message = "is one of two ways to name ports; leave out port"
        yield Violation(("ports",), message, depends_on=(("port",),))
    rules = (_check_numbers, _check_routed, _check_sticky, check_groups)
    yield from chain.from_iterable(rule(wanted) for rule in rules)
    if len(wanted.routed_ports) > _MAX_TARGET_GROUPS:
        message = f"lead to {len(wanted.routed_ports)} ports; ECS takes {_MAX_TARGET_GROUPS} target groups"
        yield Violation(("routes",), message, depends_on=(("ports",),))
    if wanted.scaling and wanted.scaling.requests and len(wanted.routed_ports) > 1:
        message = "counts the requests to one port, and routes lead to " + " and ".join(wanted.routed_ports)
        yield Violation(("scaling", "requests"), message, depends_on=(("routes",), ("ports",)))


def _check_numbers(wanted: Service) -> Iterator[Violation]:
    taken = {(_XRAY.port, _XRAY.protocol): "the X-Ray daemon"} if wanted.tracing.xray else {}
    for name, port in wanted.ports.items():
        other = taken.setdefault((port.port, port.transport), name)
        if other != name:
            message = f"{port.port}/{port.transport} is the port of {other} already"
            yield Violation(("ports", name), message, depends_on=(("tracing",),))


def _check_routed(wanted: Service) -> Iterator[Violation]:
    for number, route in enumerate(wanted.routes):
        where = ("routes", number, "port")
        if route.port is None or route.answer:
            continue
        if not wanted.ports:
            message = "names a port, and the service has just one; leave it out, or name several in `ports`"
            yield Violation(where, message, depends_on=(("ports",),))
        elif route.port not in wanted.ports:
            near = find_near(route.port, wanted.ports)
            message = f"there is no port {route.port}; there are {', '.join(wanted.ports)}"
            meant = (near,) if near else ()
            yield Violation(where, message, depends_on=(("ports",),), candidates=meant)
        elif wanted.ports[route.port].transport == "udp":
            message = f"{route.port} is UDP, and the load balancer forwards HTTP"
            yield Violation(where, message, depends_on=(("ports", route.port),))


def _check_sticky(wanted: Service) -> Iterator[Violation]:
    """Check that routes to one port agree: they share a target group, whose attribute it is."""
    first: dict[str | None, int] = {}
    for number, route in enumerate(wanted.routes):
        if route.answer:
            continue
        before = first.setdefault(wanted.port_of(route), number)
        if route.sticky != wanted.routes[before].sticky:
            message = (
                f"differs from that of routes[{before}], which leads to the same port: write the same there"
            )
            yield Violation(("routes", number, "sticky"), message, depends_on=(("routes", before),))
