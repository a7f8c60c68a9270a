"""Which requests a route takes, and which routes take the same ones."""

from collections import defaultdict
from dataclasses import dataclass
from itertools import product

from desired_state.doors import Door
from desired_state.patterns import takes_all
from desired_state.platform import Platform
from desired_state.tree import KeyPath

MOST_ROUTES = 500  # of a listener that are compared with each other: more than AWS allows


@dataclass(frozen=True)
class Conditions:
    """The requests of one route. Paths are compared with their case, hosts without (ELB user guide)."""

    service: str
    index: int  # among the service's routes
    priority: int
    hosts: tuple[str, ...]
    paths: tuple[str, ...]

    @property
    def where(self) -> KeyPath:
        """The route's place in the file."""
        return "services", self.service, "routes", self.index

    def takes(self, host: str, path: str) -> bool:
        """Tell whether it takes every request of these two patterns."""
        return any(takes_all(h, host) for h in self.hosts) and any(takes_all(p, path) for p in self.paths)

    def takes_some(self, other: "Conditions") -> bool:
        """Tell whether it takes all requests of one of the other's paths at one of its hosts, or more."""
        return any(self.takes(host, path) for host, path in product(other.hosts, other.paths))


def list_routes(platform: Platform) -> dict[Door, list[Conditions]]:
    """Return the routes of each listener, the first to be tried first, without those beyond `MOST_ROUTES`."""
    found = defaultdict(list)
    for name, service in platform.services.items():
        for index, route in enumerate(service.routes):
            hosts = tuple(host.lower() for host in route.hosts) or ("*",)
            paths = tuple(map(_as_path, route.paths)) or ("*",)
            found[platform.door_of(route)].append(Conditions(name, index, route.priority, hosts, paths))
    return {
        door: sorted(routes, key=lambda route: route.priority)[:MOST_ROUTES] for door, routes in found.items()
    }


def _as_path(path: str) -> str:
    """Return a pattern that matches the same paths, of which every one begins with a slash."""
    if path == "/*":
        return "*"
    if path.startswith("?"):
        return f"/{path[1:]}"
    return f"/{path}" if path.startswith("*") and path.strip("*?")[:1] not in {"", "/"} else path
