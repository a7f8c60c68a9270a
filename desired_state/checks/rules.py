import re
from collections import Counter
from collections.abc import Iterator

from desired_state.checks.violation import Violation
from desired_state.doors import Door, where_of
from desired_state.network_doors import is_network
from desired_state.platform import Platform
from desired_state.ports import ServicePort
from desired_state.requests import Requests, find_requests
from desired_state.traffic import Route
from desired_state.tree import KeyPath, format_key

# Of the conditions of one rule (ELB user guide, "Quotas for your Application Load Balancers").
_MAX_VALUES = 5
_MAX_WILDCARDS = 6  # as most translations of that page say; one says 5
_FOR_ALL = '`paths: ["/*"]`'
_OF_SERVICE = ("port", "sticky")  # keys of a route that leads to its service


def check_rules(platform: Platform) -> Iterator[Violation]:
    """Check that AWS takes what each route says, and that no two take the same requests."""
    first = dict[tuple[Door, Requests], KeyPath]()
    for name, service in platform.services.items():
        for index, route in enumerate(service.routes):
            where: KeyPath = ("services", name, "routes", index)
            if is_network(platform, route):
                continue
            yield from _check_conditions(where, route)
            yield from _check_answer(platform, where, route)
            door = platform.door_of(route)
            port = service.listens.get(service.port_of(route) or "")
            if port and port.version and not route.answer:
                yield from _check_version(platform, where, route, port)
            before = first.setdefault((door, find_requests(route)), where)
            if before != where and route.size:
                message = (
                    f"takes the same requests as {format_key(before)}; change the conditions, or leave one out"
                )
                yield Violation(where, message, depends_on=(before, door.where))


def _check_conditions(where: KeyPath, route: Route) -> Iterator[Violation]:
    if not 1 <= route.size <= _MAX_VALUES:
        kinds = "(paths, hosts, methods, headers, query, source)"
        message = f"has {route.size} values in its conditions: give 1 to {_MAX_VALUES} together {kinds}"
        none = f"has no conditions: give one {kinds}; {_FOR_ALL} takes all requests"
        yield Violation(where, message if route.size else none)
    wildcards = len(re.findall(r"[*?]", "".join(route.patterns)))
    if wildcards > _MAX_WILDCARDS:
        message = f"{wildcards} * and ? are too many: a rule takes {_MAX_WILDCARDS}; make two routes"
        yield Violation(where, message)
    for key in ("headers", "query"):
        by_name = getattr(route, key)
        folded = Counter(name.lower() for name in by_name)
        for name, values in by_name.items():
            if not values:
                yield Violation((*where, key, name), "has no values: give one, or * for any")
            if folded[name.lower()] > 1 and name.lower() != name:
                yield Violation((*where, key, name), "is there twice: upper and lower case are the same")


def _check_answer(platform: Platform, where: KeyPath, route: Route) -> Iterator[Violation]:
    if route.redirect and route.fixed_response:
        yield Violation((*where, "fixed_response"), "is one of two answers; leave out redirect")
    for key in _OF_SERVICE if route.answer else ():
        if getattr(route, key) is not None:
            yield Violation((*where, key), "is for requests that go to the service, and the route answers them")
    door, listener, to = platform.door_of(route), platform.listener_of(route), route.redirect
    if not to or not listener or listener.existing:
        return
    if to.protocol == "HTTP" and listener.protocol == "HTTPS":
        message = "leads from HTTPS to HTTP, which AWS refuses; leave out protocol"
        yield Violation((*where, "redirect"), message, depends_on=(door.where,))
    elif (to.protocol, to.port, to.host, to.path) == (listener.protocol, listener.port, "#{host}", "/#{path}"):
        message = "leads back to the same requests; change protocol, port, host or path"
        yield Violation((*where, "redirect"), message, depends_on=(door.where,))


def _check_version(platform: Platform, where: KeyPath, route: Route, port: ServicePort) -> Iterator[Violation]:
    """Check that clients can use HTTP/2; what a listener has that exists is known once AWS has been asked."""
    door = platform.door_of(route)
    balancer, listener = platform.declared_balancers.get(door.balancer), platform.listener_of(route)
    depends_on = (where_of(door.balancer), (*where[:2], "ports"))
    if listener and not listener.existing and listener.protocol == "HTTP":
        message = f"leads to a port with {port.protocol}, which takes an HTTPS listener: give one `certificate`"
        yield Violation(where, message, depends_on=depends_on)
    if balancer and balancer.http2 is False and port.protocol == "grpc":
        message = "leads to a port with grpc, and its load balancer has HTTP/1.1 only: leave out `http2`"
        yield Violation(where, message, depends_on=depends_on)
