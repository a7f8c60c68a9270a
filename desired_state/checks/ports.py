from collections.abc import Iterator
from itertools import chain

from desired_state.checks.violation import Violation
from desired_state.near import find_near
from desired_state.ports import ServicePort
from desired_state.service import Service

_XRAY = ServicePort(port=2000, protocol="udp")  # of the daemon in the same task


def check_ports(wanted: Service) -> Iterator[Violation]:
    """Check that a container can listen on all its ports, and that routes lead to some of them."""
    if wanted.port and wanted.ports:
        message = "is one of two ways to name ports; leave out port"
        yield Violation(("ports",), message, depends_on=(("port",),))
    yield from chain(_check_numbers(wanted), _check_routed(wanted))


def _check_numbers(wanted: Service) -> Iterator[Violation]:
    taken = {(_XRAY.port, _XRAY.transport): "the X-Ray daemon"} if wanted.tracing.xray else {}
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
