"""Find default quotas of AWS that a platform passes. AWS raises them on request: they are no mistakes."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple

from desired_state.certificates import list_auto_doors, list_names
from desired_state.doors import where_listeners, where_of
from desired_state.groups import list_all_groups
from desired_state.network_doors import list_ways
from desired_state.platform import Platform
from desired_state.tree import KeyPath
from desired_state.warnings.file_warning import FileWarning

SERVICES: KeyPath = ("services",)
Counts = Mapping[KeyPath, int]  # by the place in the file of what is counted


class Quota(NamedTuple):
    """A default quota, and how a platform counts against it."""

    most: int
    of: str
    what: str
    counts: Callable[[Platform], Counts]


def _count_routes(platform: Platform) -> Counts:
    routes = (route for service in platform.services.values() for route in service.routes)
    return _most_of(Counter(platform.door_of(route).balancer for route in routes))


def _count_targets(platform: Platform) -> Counts:
    tasks: Counter[str] = Counter()
    for group in list_all_groups(platform):
        tasks[group.balancer] += platform.services[group.service].most_tasks
    return _most_of(tasks)


def _most_of(by_balancer: Counter[str]) -> Counts:
    return {SERVICES: max(by_balancer.values(), default=0)}


def _count_discovered(platform: Platform) -> Counts:
    return {SERVICES: sum(service.most_tasks for service in platform.services.values() if service.listens)}


def _count_balancer_rules(platform: Platform) -> Counts:
    return {
        (*where_of(key), "ingress"): len(one.listeners) * len(set(one.ingress))
        for key, one in platform.balancers.items()
    }


def _count_task_rules(platform: Platform) -> Counts:
    services = platform.services.values()
    routed = {(one.balancer, way) for one in list_all_groups(platform) for way in list_ways(platform, one)}
    udp = {port.port for service in services for port in service.listens.values() if port.transport == "udp"}
    return {SERVICES: 1 + len(routed) + len(udp)}


def _count_listeners(platform: Platform) -> Counts:
    return {where_listeners(key): len(one.listeners) for key, one in platform.balancers.items()}


def _count_names(platform: Platform) -> Counts:
    return {(*door.where, "certificate"): len(list_names(platform, door)) for door in list_auto_doors(platform)}


def _count_balancers(platform: Platform) -> Counts:
    return {("load_balancers",): sum(one.existing is None for one in platform.balancers.values())}


def _count_roles(platform: Platform) -> Counts:
    return {SERVICES: len(platform.services) + 1}  # the execution role


def _count_policies(platform: Platform) -> Counts:
    return {SERVICES: max((len(service.policies) for service in platform.services.values()), default=0)}


QUOTAS = (
    # ELB user guide, "Quotas for your Application Load Balancers": rules without default ones
    Quota(100, "rules for a load balancer", "routes", _count_routes),
    Quota(1000, "targets for a load balancer", "tasks with routes", _count_targets),
    Quota(50, "listeners for a load balancer", "listeners", _count_listeners),
    # AWS General Reference, "AWS Cloud Map endpoints and quotas"
    Quota(2000, "instances for a namespace", "tasks", _count_discovered),
    # VPC user guide, "Amazon VPC quotas"
    Quota(60, "rules for a security group", "ranges by listener", _count_balancer_rules),
    Quota(60, "rules for a security group", "ports of services", _count_task_rules),
    # General reference, "Elastic Load Balancing endpoints and quotas"
    Quota(50, "load balancers", "load balancers", _count_balancers),
    # ACM user guide, "Quotas"
    Quota(10, "names for a certificate", "hosts", _count_names),
    # IAM user guide, "IAM and AWS STS quotas"
    Quota(1000, "roles", "roles", _count_roles),
    Quota(10, "managed policies for a role", "policies of one service", _count_policies),
)


def find_passed_quotas(platform: Platform) -> Iterator[FileWarning]:
    """Yield a warning for each default quota that this file passes."""
    for quota in QUOTAS:
        for where, number in quota.counts(platform).items():
            if number > quota.most:
                message = (
                    f"{number:,} {quota.what}; an account has a quota of {quota.most:,} {quota.of}, until it is raised "
                    "in Service Quotas"
                )
                yield FileWarning(where, message)
