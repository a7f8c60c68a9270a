from collections import defaultdict
from collections.abc import Collection, Iterator

from desired_state.checks.load_balancing import LISTENERS
from desired_state.checks.violation import Violation
from desired_state.near import find_near
from desired_state.platform import Platform
from desired_state.priorities import PRIORITIES
from desired_state.service import Service
from desired_state.traffic import Route
from desired_state.tree import KeyPath, format_key


def check_routes(platform: Platform) -> Iterator[Violation]:
    """Check that each route has a listener, a priority that is no other's there, and a port to lead to."""
    routed = [name for name, service in platform.services.items() if service.routes]
    if routed and platform.load_balancer is None:
        message = f"is null, and services.{routed[0]} has routes; remove those too, or give a load balancer"
        yield Violation(("load_balancer",), message, depends_on=(("services", routed[0]),))
    for name in routed:
        yield from _check_default_port(name, platform.services[name])
    if platform.load_balancer:
        yield from _check_listeners_of_routes(platform, platform.listeners)


def _check_default_port(name: str, service: Service) -> Iterator[Violation]:
    if service.leading_routes and service.default_port is None:
        key = "ports" if service.ports else "port"
        told = "has none with TCP" if key == "ports" else "is null"
        message = f"{told}, and the service has routes, which lead to a port"
        yield Violation(("services", name, key), message, depends_on=(("services", name, "routes"),))


def _check_listeners_of_routes(platform: Platform, known: Collection[str]) -> Iterator[Violation]:
    taken: dict[tuple[str, int], KeyPath] = {}
    priorities: defaultdict[str, set[int]] = defaultdict(set)  # by listener
    for name, service in platform.services.items():
        for index, route in enumerate(service.routes):
            where = ("services", name, "routes", index)
            listener = platform.listener_of(route)
            if message := _find_none(platform, route, listener, known):
                yield Violation(where, message, depends_on=(LISTENERS,))
                continue
            if listener not in known:
                near = find_near(listener, known)
                message = f"there is no listener {listener}"
                message += "" if near else f"; there are {', '.join(known)}"
                meant = (near,) if near else ()
                yield Violation((*where, "listener"), message, depends_on=(LISTENERS,), candidates=meant)
            if route.priority is None:
                continue
            first = taken.setdefault((listener, route.priority), where)
            priorities[listener].add(route.priority)
            if first != where:
                free = _find_free_priority(priorities[listener], route.priority)
                message = f"{route.priority} is taken by {format_key(first)}; the next free one is {free}"
                yield Violation((*where, "priority"), message, depends_on=(first, LISTENERS))


def _find_none(platform: Platform, route: Route, listener: str, known: Collection[str]) -> str:
    """Return why a route that names no listener has none; an empty text if it has one."""
    if _is_open(platform, route):
        return f"names no listener, and there are {' and '.join(known)}, which exist: write `listener: NAME`"
    if not listener:
        return (
            "names no listener, and every listener redirects; "
            "add one that has a certificate, or write `listener: NAME` if a redirect is meant to serve it"
        )
    return ""


def _is_open(platform: Platform, route: Route) -> bool:
    """Tell whether a route may mean several listeners: what protocol one has that exists is not in the file."""
    balancer = platform.load_balancer
    several = balancer is not None and balancer.existing is not None and len(balancer.listeners) > 1
    return several and route.listener is None


def _find_free_priority(taken: Collection[int], wanted: int) -> int:
    """Return the lowest free priority above the wanted one; below it if there is none."""
    above = (p for p in range(wanted + 1, PRIORITIES.stop) if p not in taken)
    return next(above, None) or next(p for p in PRIORITIES if p not in taken)
