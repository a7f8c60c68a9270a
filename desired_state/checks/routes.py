from collections import defaultdict
from collections.abc import Collection, Iterator

from desired_state.checks.violation import Violation
from desired_state.doors import SINGULAR, Door, choose_balancer, where_listeners, where_of
from desired_state.load_balancer import NETWORK, LoadBalancer
from desired_state.near import find_near
from desired_state.network_doors import is_network
from desired_state.platform import Platform
from desired_state.priorities import PRIORITIES
from desired_state.traffic import Route
from desired_state.tree import KeyPath, format_key


def check_routes(platform: Platform) -> Iterator[Violation]:
    """Check that each route has a listener, a priority that is no other's there, and a port to lead to."""
    routed = [name for name, service in platform.services.items() if service.routes]
    if not platform.declared_balancers:
        yield from _check_without_balancers(platform)
    for name in routed:
        service = platform.services[name]
        if any(service.port_of(route) is None for route in service.leading_routes):
            key = "ports" if platform.services[name].ports else "port"
            told = "has none with TCP" if key == "ports" else "is none"
            message = f"{told}, and the service has routes, which lead to a port"
            yield Violation(("services", name, key), message, depends_on=(("services", name, "routes"),))
    if platform.declared_balancers:
        yield from _check_idle_singular(platform)
        yield from _check_doors_of_routes(platform)
    for name in routed:
        for index, route in enumerate(platform.services[name].routes):
            port = platform.services[name].ports.get(route.port or "")
            if port and port.transport == "udp" and not is_network(platform, route):
                message = f"{route.port} is UDP, and the load balancer forwards HTTP"
                where = ("services", name, "routes", index, "port")
                yield Violation(where, message, depends_on=(("services", name, "ports", route.port or ""),))


def _check_without_balancers(platform: Platform) -> Iterator[Violation]:
    """Check that no route needs a load balancer where there is none; one that is named is told at its route."""
    routes = [(name, n, route) for name, one in platform.services.items() for n, route in enumerate(one.routes)]
    for name in [name for name, _, route in routes if route.load_balancer is None][:1]:
        message = f"is null, and services.{name} has routes; remove those too, or give a load balancer"
        yield Violation(("load_balancer",), message, depends_on=(("services", name),))
    for name, index, route in routes:
        if route.load_balancer is not None:
            yield _explain_balancer(platform, ("services", name, "routes", index), route)


def _check_idle_singular(platform: Platform) -> Iterator[Violation]:
    """Check that routes which name no load balancer lead to the singular one: no others can."""
    chosen = choose_balancer(platform.declared_balancers)
    if platform.load_balancer and chosen != SINGULAR:
        message = (
            f"is internal, and routes that name none lead to {chosen}, which is internet-facing, so none can lead to "
            "this one: give it a name in `load_balancers`, and `name: alb-{suffix}` there to keep the one in AWS"
        )
        yield Violation(("load_balancer",), message, depends_on=(where_of(chosen), ("load_balancer", "scheme")))


def _check_doors_of_routes(platform: Platform) -> Iterator[Violation]:
    taken: dict[tuple[Door, int], KeyPath] = {}
    priorities: defaultdict[Door, set[int]] = defaultdict(set)
    for name, service in platform.services.items():
        for index, route in enumerate(service.routes):
            where, door = ("services", name, "routes", index), platform.door_of(route)
            balancer = platform.declared_balancers.get(door.balancer)
            if balancer is None:
                yield _explain_balancer(platform, where, route)
                continue
            listeners = where_listeners(door.balancer)
            if message := _explain_open(route, balancer, door):
                yield Violation(where, message, depends_on=(listeners,))
                continue
            if door.listener not in balancer.listeners:
                yield _explain_listener(where, door, balancer)
            if balancer.type == NETWORK or route.priority is None:
                continue
            first = taken.setdefault((door, route.priority), where)
            priorities[door].add(route.priority)
            if first != where:
                free = _find_free_priority(priorities[door], route.priority)
                message = f"{route.priority} is taken by {format_key(first)}; the next free one is {free}"
                yield Violation((*where, "priority"), message, depends_on=(first, listeners))


def _explain_balancer(platform: Platform, where: KeyPath, route: Route) -> Violation:
    """Return the mistake of a route that leads to no load balancer."""
    known, wanted = platform.load_balancers, route.load_balancer
    if wanted is None:
        message = f"names no load balancer, and {' and '.join(known)} are internal: write `load_balancer: NAME`"
        return Violation(where, message, depends_on=(("load_balancers",),))
    near = find_near(wanted, known)
    message = f"there is no load balancer {wanted}"
    told = f"in `load_balancers` there are {', '.join(known)}" if known else "`load_balancers` has none"
    message += "" if near else f"; {told}"
    meant = (near,) if near else ()
    return Violation((*where, "load_balancer"), message, depends_on=(("load_balancers",),), candidates=meant)


def _explain_open(route: Route, balancer: LoadBalancer, door: Door) -> str:
    """Say why a route that names no listener has none; nothing if it has.

    What protocol a listener has that exists is not in the file, so that a route may mean several.
    """
    known = balancer.listeners
    if balancer.existing is not None and len(known) > 1 and route.listener is None:
        return f"names no listener, and there are {' and '.join(known)}, which exist: write `listener: NAME`"
    if not door.listener and balancer.type == NETWORK:
        return f"names no listener, and there are {' and '.join(known)}: write `listener: NAME`"
    if not door.listener:
        return (
            "names no listener, and every listener redirects; "
            "add one that has a certificate, or write `listener: NAME` if a redirect is meant to serve it"
        )
    return ""


def _explain_listener(where: KeyPath, door: Door, balancer: LoadBalancer) -> Violation:
    """Return the mistake of a route that names a listener which its load balancer does not have."""
    near = find_near(door.listener, balancer.listeners)
    of = f" of {door.balancer}" if door.balancer else ""
    message = f"there is no listener {door.listener}{of}"
    message += "" if near else f"; there are {', '.join(balancer.listeners)}"
    listeners = where_listeners(door.balancer)
    meant = (near,) if near else ()
    return Violation((*where, "listener"), message, depends_on=(listeners,), candidates=meant)


def _find_free_priority(taken: Collection[int], wanted: int) -> int:
    """Return the lowest free priority above the wanted one; below it if there is none."""
    above = (p for p in range(wanted + 1, PRIORITIES.stop) if p not in taken)
    return next(above, None) or next(p for p in PRIORITIES if p not in taken)
