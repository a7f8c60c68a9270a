from collections.abc import Iterator, Sequence

from desired_state.checks.violation import Violation
from desired_state.groups import Group, group_of, list_groups
from desired_state.platform import Platform

_MAX_GROUPS = 5  # of a service (ECS API reference, "loadBalancers")


def check_groups(platform: Platform) -> Iterator[Violation]:
    """Check the target groups of each service: how many there are, and that routes to one agree."""
    for name, service in platform.services.items():
        groups, where = list_groups(platform, name), ("services", name)
        depends_on = ((*where, "ports"), ("load_balancers",))
        ways = _tell_ways(groups)
        if len(groups) > _MAX_GROUPS:
            message = f"lead to {ways}; ECS takes {_MAX_GROUPS} target groups"
            yield Violation((*where, "routes"), message, depends_on=depends_on)
        if service.scaling and service.scaling.requests and len(groups) > 1:
            ports = " and ".join(dict.fromkeys(group.port for group in groups))
            message = f"counts the requests to one port, and routes lead to {ports}"
            if len({group.balancer for group in groups}) > 1:
                message = f"counts the requests of one load balancer to one port, and routes lead to {ways}"
            yield Violation(
                (*where, "scaling", "requests"), message, depends_on=((*where, "routes"), *depends_on)
            )
        yield from _check_sticky(platform, name)


def _tell_ways(groups: Sequence[Group]) -> str:
    """Say what each of a service's groups is for."""
    ports, balancers = ({getattr(group, part) for group in groups} for part in ("port", "balancer"))
    behind = f" behind {len(balancers)} load balancers" if len(balancers) > 1 else ""
    return f"{len(ports)} port{'s' if len(ports) > 1 else ''}{behind}"


def _check_sticky(platform: Platform, name: str) -> Iterator[Violation]:
    """Check that routes to one port agree: they share a target group, whose attribute it is."""
    first: dict[Group, int] = {}
    routes = platform.services[name].routes
    for number, route in enumerate(routes):
        if route.answer:
            continue
        before = first.setdefault(group_of(platform, name, route), number)
        if route.sticky != routes[before].sticky:
            message = (
                f"differs from that of routes[{before}], which leads to the same port: write the same there"
            )
            own = ("services", name, "routes")
            yield Violation((*own, number, "sticky"), message, depends_on=((*own, before),))
