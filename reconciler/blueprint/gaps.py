"""Find new routes that take requests from a service that answers them, before there is a task to answer them.

ECS wants a rule before the first task. The rule is new, so no other group answers meanwhile, as where a live
rule moves to another group.
"""

from collections.abc import Collection, Iterator, Sequence

from desired_state.doors import Door
from desired_state.platform import Platform
from desired_state.requests import Conditions, list_routes
from desired_state.tree import format_key
from reconciler.model.plan import PlanWarning
from reconciler.model.references import Address
from reconciler.resources.listener_rule import ListenerRule

REMEDY = "give {} first a route that nobody asks for, and this one once its tasks run"


def find_gaps(
    platform: Platform, created: Collection[Address], live: Collection[Address]
) -> Iterator[PlanWarning]:
    """Yield a warning for each created rule that takes requests of a live rule of another service."""
    for door, routes in list_routes(platform).items():
        addresses = [_address(platform, door, route) for route in routes]
        old = [route for route, address in zip(routes, addresses, strict=True) if address in live]
        for route, address in zip(routes, addresses, strict=True):
            if address in created and (answers := _find_next(route, old)):
                service = route.service
                yield PlanWarning(
                    f"requests that {format_key(answers.where)} takes now are answered 503 until {service} has a "
                    "healthy task",
                    address,
                    REMEDY.format(service),
                )


def _find_next(route: Conditions, old: Sequence[Conditions]) -> Conditions | None:
    """Return the first later route of another service that takes some of the same requests."""
    return next(
        (
            other
            for other in old
            if other.priority > route.priority and other.service != route.service
            if other.takes_some(route) or route.takes_some(other)
        ),
        None,
    )


def _address(platform: Platform, door: Door, route: Conditions) -> Address:
    return Address(ListenerRule.kind, platform.names.rule(door, route.service, route.index + 1))
