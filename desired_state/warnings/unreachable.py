"""Find routes that no request can reach: earlier ones in the same listener take all of theirs."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import product
from typing import NamedTuple

from desired_state.patterns import takes_all
from desired_state.platform import Platform
from desired_state.tree import KeyPath, format_key
from desired_state.warnings.file_warning import FileWarning

MOST_ROUTES = 500  # of a listener that are compared with each other: more than AWS allows


class Conditions(NamedTuple):
    """The requests of one route. Paths are compared with their case, hosts without (ELB user guide)."""

    where: KeyPath
    priority: int
    hosts: tuple[str, ...]
    paths: tuple[str, ...]

    def takes(self, host: str, path: str) -> bool:
        """Tell whether it takes every request of these two patterns."""
        return any(takes_all(h, host) for h in self.hosts) and any(takes_all(p, path) for p in self.paths)


def find_unreachable_routes(platform: Platform) -> Iterator[FileWarning]:
    """Yield a warning for each route of which earlier ones take all requests for certain."""
    for routes in _list_routes(platform).values():
        in_order = sorted(routes, key=lambda route: route.priority)[:MOST_ROUTES]
        for number, route in enumerate(in_order):
            if taken_by := _find_takers(route, in_order[:number]):
                yield FileWarning(route.where, _explain(route, taken_by))


def _explain(route: Conditions, taken_by: Sequence[Conditions]) -> str:
    first = taken_by[0]
    takers = " and ".join(f"{format_key(taker.where)} (priority {taker.priority})" for taker in taken_by)
    verb = "takes" if len(taken_by) == 1 else "take"
    remedy = f"give it a priority below {first.priority}"
    if first.priority == 1:  # there is none below
        remedy = f"give {format_key(first.where)} a higher one than {route.priority}"
    return f"no request reaches {format_key(route.where)}: {takers} {verb} them all; {remedy}"


def _list_routes(platform: Platform) -> dict[str, list[Conditions]]:
    """Return the routes of each listener."""
    found = defaultdict(list)
    for name, service in platform.services.items():
        for index, route in enumerate(service.routes):
            hosts = tuple(host.lower() for host in route.hosts) or ("*",)
            paths = tuple(map(_as_path, route.paths)) or ("*",)
            where = ("services", name, "routes", index)
            found[platform.listener_of(route)].append(Conditions(where, route.priority, hosts, paths))
    return found


def _as_path(path: str) -> str:
    """Return a pattern that matches the same paths, of which every one begins with a slash."""
    if path == "/*":
        return "*"
    if path.startswith("?"):
        return f"/{path[1:]}"
    return f"/{path}" if path.startswith("*") and path.strip("*?")[:1] not in {"", "/"} else path


def _find_takers(route: Conditions, earlier: Sequence[Conditions]) -> list[Conditions]:
    """Return the earlier routes that together take all requests of a route; none if some are left."""
    found = []
    for host, path in product(route.hosts, route.paths):
        taker = next((other for other in earlier if other.takes(host, path)), None)
        if taker is None:
            return []
        found.append(taker)
    return sorted(set(found), key=lambda taker: taker.priority)
