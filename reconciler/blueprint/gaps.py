"""Find new routes that take requests from a service that answers them, before there is a task to answer them.

ECS wants a rule before the first task. The rule is new, so no other group answers meanwhile, as where a live
rule moves to another group.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence

from desired_state.claims import NONE_KNOWN, Claim, list_routes
from desired_state.platform import Platform
from desired_state.requests import Requests
from desired_state.tree import format_key
from reconciler.model.plan import PlanWarning
from reconciler.model.references import Address
from reconciler.resources.listener_rule import ListenerRule

REMEDY = "give {} first a route that nobody asks for, and this one once its tasks run"


def find_gaps(
    platform: Platform,
    created: Collection[Address],
    live: Collection[Address],
    priorities: Mapping[str, int] = NONE_KNOWN,
) -> Iterator[PlanWarning]:
    """Yield a warning for each created rule that takes requests of a live rule of another service.

    `priorities` are those that rules have, by their names, where the file gives none.
    """
    for routes in list_routes(platform, priorities).values():
        addresses = [Address(ListenerRule.kind, route.rule) for route in routes]
        old = [route for route, address in zip(routes, addresses, strict=True) if address in live]
        for route, address in zip(routes, addresses, strict=True):
            if address in created and _leads(platform, route) and (answers := _find_next(route, old)):
                service = route.service
                yield PlanWarning(
                    f"requests that {format_key(answers.where)} takes now are answered 503 until {service} has a "
                    "healthy task",
                    address,
                    REMEDY.format(service),
                )


def _find_next(route: Claim, old: Sequence[Claim]) -> Claim | None:
    """Return the first later route of another service that takes some of the same requests."""
    return next(
        (
            other
            for other in old
            if other.priority > route.priority and other.service != route.service
            if _meet(other.requests, route.requests)
        ),
        None,
    )


def _leads(platform: Platform, route: Claim) -> bool:
    """Tell whether the route leads to its service: the load balancer's own answers come at once."""
    return platform.services[route.service].routes[route.index].answer is None


def _meet(one: Requests, other: Requests) -> bool:
    return one.takes_some(other) or other.takes_some(one)
