"""Find default quotas of AWS that a platform passes. AWS raises them on request: they are no mistakes."""

from collections.abc import Callable, Iterator
from typing import NamedTuple

from desired_state.platform import Platform
from desired_state.tree import KeyPath
from desired_state.warnings.file_warning import FileWarning


class Quota(NamedTuple):
    """A default quota, and how a platform counts against it."""

    most: int
    of: str
    where: KeyPath
    what: str
    count: Callable[[Platform], int]


def _count_routes(platform: Platform) -> int:
    return sum(len(service.routes) for service in platform.services.values())


def _count_targets(platform: Platform) -> int:
    return sum(service.most_tasks for service in platform.services.values() if service.leading_routes)


def _count_discovered(platform: Platform) -> int:
    return sum(service.most_tasks for service in platform.services.values() if service.listens)


def _count_balancer_rules(platform: Platform) -> int:
    return len(platform.listeners) * len(set(platform.load_balancer.ingress if platform.load_balancer else ()))


def _count_task_rules(platform: Platform) -> int:
    services = platform.services.values()
    routed = {port.port for service in services for port in service.routed_ports.values()}
    udp = {port.port for service in services for port in service.listens.values() if port.transport == "udp"}
    return 1 + len(routed) + len(udp)


def _count_listeners(platform: Platform) -> int:
    return len(platform.listeners)


def _count_roles(platform: Platform) -> int:
    return len(platform.services) + 1  # the execution role


def _count_policies(platform: Platform) -> int:
    return max((len(service.policies) for service in platform.services.values()), default=0)


SERVICES: KeyPath = ("services",)
BALANCER: KeyPath = ("load_balancer",)
QUOTAS = (
    # ELB user guide, "Quotas for your Application Load Balancers": rules without default ones
    Quota(100, "rules for a load balancer", SERVICES, "routes", _count_routes),
    Quota(1000, "targets for a load balancer", SERVICES, "tasks with routes", _count_targets),
    Quota(50, "listeners for a load balancer", (*BALANCER, "listeners"), "listeners", _count_listeners),
    # AWS General Reference, "AWS Cloud Map endpoints and quotas"
    Quota(2000, "instances for a namespace", SERVICES, "tasks", _count_discovered),
    # VPC user guide, "Amazon VPC quotas"
    Quota(
        60, "rules for a security group", (*BALANCER, "ingress"), "ranges by listener", _count_balancer_rules
    ),
    Quota(60, "rules for a security group", SERVICES, "ports of services", _count_task_rules),
    # IAM user guide, "IAM and AWS STS quotas"
    Quota(1000, "roles", SERVICES, "roles", _count_roles),
    Quota(10, "managed policies for a role", SERVICES, "policies of one service", _count_policies),
)


def find_passed_quotas(platform: Platform) -> Iterator[FileWarning]:
    """Yield a warning for each default quota that this file passes."""
    for quota in QUOTAS:
        number = quota.count(platform)
        if number > quota.most:
            message = (
                f"{number:,} {quota.what}; an account has a quota of {quota.most:,} {quota.of}, until it is raised in "
                "Service Quotas"
            )
            yield FileWarning(quota.where, message)
