"""The routes of each listener, in the order in which their rules are tried."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from desired_state.doors import Door
from desired_state.network_doors import is_network
from desired_state.platform import Platform
from desired_state.priorities import choose_priorities
from desired_state.requests import Requests, find_requests
from desired_state.tree import KeyPath

MOST_ROUTES = 500  # of a listener that are compared with each other: more than AWS allows
Route = tuple[str, int]  # a service, and the route's place among its routes
NONE_KNOWN: Mapping[str, int] = {}


@dataclass(frozen=True)
class Claim:
    """A route, and the requests that it takes."""

    service: str
    index: int  # among the service's routes
    rule: str  # the name of its rule
    priority: int
    requests: Requests

    @property
    def where(self) -> KeyPath:
        """The route's place in the file."""
        return "services", self.service, "routes", self.index


def list_routes(platform: Platform, known: Mapping[str, int] = NONE_KNOWN) -> dict[Door, list[Claim]]:
    """Return the routes of each listener, the first to be tried first, without those beyond `MOST_ROUTES`.

    `known` are priorities that rules have in AWS, by their names; others are those that new rules would get.
    """
    found: defaultdict[Door, dict[Route, Requests]] = defaultdict(dict)
    for name, service in platform.services.items():
        for index, route in enumerate(service.routes):
            if not is_network(platform, route):  # whose listener takes what comes
                found[platform.door_of(route)][name, index] = find_requests(route)
    return {door: _order(platform, door, routes, known) for door, routes in found.items()}


def _order(
    platform: Platform, door: Door, routes: Mapping[Route, Requests], known: Mapping[str, int]
) -> list[Claim]:
    first = dict([*routes.items()][:MOST_ROUTES])
    rules = {route: platform.names.rule(door, route[0], route[1] + 1) for route in first}
    given = {route: platform.services[route[0]].routes[route[1]].priority for route in first}
    priorities = choose_priorities(
        {route: (requests, given[route] or known.get(rules[route])) for route, requests in first.items()}
    )
    claims = (Claim(*route, rules[route], priorities[route], requests) for route, requests in first.items())
    return sorted(claims, key=lambda claim: claim.priority)
