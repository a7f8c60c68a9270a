"""What listeners of network load balancers forward, and how: by protocol and port, one service each."""

from desired_state.groups import Group, group_of
from desired_state.load_balancer import NETWORK
from desired_state.platform import Platform
from desired_state.traffic import Route

TRANSPORTS = {"TCP": ("tcp",), "TLS": ("tcp",), "UDP": ("udp",), "TCP_UDP": ("tcp", "udp")}
"""The protocols of ports, and of rules of security groups, that each listener's connections are of."""


def is_network(platform: Platform, route: Route) -> bool:
    """Tell whether a route leads by a network load balancer."""
    balancer = platform.declared_balancers.get(platform.door_of(route).balancer)
    return balancer is not None and balancer.type == NETWORK


def find_protocol(platform: Platform, route: Route) -> str:
    """Return the protocol of the listener that a route names; empty if that is not there (a mistake)."""
    listener = platform.listener_of(route)
    return listener.protocol if listener else ""


def find_group_protocol(platform: Platform, group: Group) -> str:
    """Return the protocol of a target group, to which the listeners of all routes to it can forward.

    TLS ends at the load balancer. A group of both takes what comes by listeners of either.
    """
    routes = platform.services[group.service].leading_routes
    protocols = {find_protocol(platform, r) for r in routes if group_of(platform, group.service, r) == group}
    if protocols <= {"HTTP", "HTTPS"}:
        return "HTTP"
    return next((one for one in ("TCP_UDP", "UDP") if one in protocols), "TCP")


def list_ways(platform: Platform, group: Group) -> set[tuple[str, int]]:
    """Return the protocols and ports by which the load balancer reaches a group's tasks, checks included."""
    service = platform.services[group.service]
    port, check = service.listens[group.port].port, service.ports.get(service.health_check.port or "")
    transports = TRANSPORTS.get(find_group_protocol(platform, group), ("tcp",))
    checked = {("tcp", check.port)} if check else set()
    return {(transport, port) for transport in transports} | checked
