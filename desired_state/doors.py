"""The doors of a platform: the listeners of its load balancers, by which requests come in."""

from collections.abc import Mapping
from dataclasses import dataclass

from desired_state.load_balancer import NETWORK, PUBLIC_SCHEME, LoadBalancer
from desired_state.traffic import Route
from desired_state.tree import KeyPath

SINGULAR = ""  # the key of `load_balancer` among the load balancers of `load_balancers`
NOWHERE = "?"  # no load balancer's key: of a route that names none, where several may be meant (a mistake)


@dataclass(frozen=True, order=True)
class Door:
    """A listener, by the key of its load balancer and by its own."""

    balancer: str
    listener: str  # empty: the route names none, and all redirect (a mistake)

    @property
    def where(self) -> KeyPath:
        """Its place in the file."""
        return (*where_listeners(self.balancer), self.listener)


def where_of(balancer: str) -> KeyPath:
    """Return the place in the file of the load balancer with this key."""
    return ("load_balancers", balancer) if balancer else ("load_balancer",)


def where_listeners(balancer: str) -> KeyPath:
    """Return the place in the file of a load balancer's listeners."""
    return (*where_of(balancer), "listeners")


def choose_balancer(balancers: Mapping[str, LoadBalancer]) -> str:
    """Return the key of the load balancer for routes that name none.

    That is the first internet-facing one, else the singular or only one; NOWHERE if several may be meant. A
    network load balancer is meant only where there are no others.
    """
    balancers = {key: one for key, one in balancers.items() if one.type != NETWORK} or balancers
    public = next((key for key, one in balancers.items() if one.scheme == PUBLIC_SCHEME), None)
    if public is not None:
        return public
    return next(iter(balancers)) if SINGULAR in balancers or len(balancers) == 1 else NOWHERE


def find_door(balancers: Mapping[str, LoadBalancer], route: Route) -> Door:
    """Return the door of a route; its parts are perhaps none of the file's (a mistake)."""
    key = choose_balancer(balancers) if route.load_balancer is None else route.load_balancer
    balancer = balancers.get(key)
    default = balancer.default_listener if balancer else None
    return Door(key, route.listener or default or "")
