"""The target groups of services: one for each port that routes lead to, behind each load balancer."""

from collections.abc import Iterator
from dataclasses import dataclass

from desired_state.names import Names
from desired_state.platform import Platform
from desired_state.traffic import Route


@dataclass(frozen=True)
class Group:
    """The target group of a service at the port of a name, behind the load balancer of a key."""

    service: str
    port: str
    balancer: str
    is_default: bool  # whether the port is the one that routes lead to which name none

    def name_in(self, names: Names) -> str:
        """Return its name in the plan."""
        return names.target_group(self.service, "" if self.is_default else self.port, self.balancer)


def group_of(platform: Platform, service: str, route: Route) -> Group:
    """Return the group that a service's route leads to."""
    settings = platform.services[service]
    port = settings.port_of(route) or ""
    return Group(service, port, platform.door_of(route).balancer, port == settings.default_port)


def list_groups(platform: Platform, service: str) -> list[Group]:
    """Return the groups of a service; none of ports and load balancers that are not there (a mistake)."""
    settings = platform.services[service]
    found = {group_of(platform, service, route) for route in settings.leading_routes}
    ports, balancers = list(settings.listens), list(platform.declared_balancers)
    there = [group for group in found if group.port in ports and group.balancer in balancers]
    return sorted(there, key=lambda one: (ports.index(one.port), balancers.index(one.balancer)))


def list_all_groups(platform: Platform) -> Iterator[Group]:
    """Yield the groups of all services."""
    for service in platform.services:
        yield from list_groups(platform, service)
