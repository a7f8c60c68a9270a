import re
from collections.abc import Iterator

from desired_state.checks.violation import Violation
from desired_state.platform import Platform
from desired_state.service import Service
from desired_state.sizes import format_sizes

# Limits that AWS does not raise: of tasks that Cloud Map finds (ECS developer guide, "Service quotas"), and of
# target groups (ELB user guide, "Quotas for your Application Load Balancers").
_MAX_DISCOVERED_TASKS = 1000
_MAX_TARGET_GROUPS = 100
_MAX_WILDCARDS = 6  # of a rule, as most translations of that page say; one says 5
_ENLARGE = "or write a smaller `network.subnets.public.prefix`"


def check_capacity(platform: Platform) -> Iterator[Violation]:
    """Check that AWS can run the tasks that the file asks for, and can route to them."""
    yield from _check_target_groups(platform)
    yield from _check_wildcards(platform)
    if len(platform.network.public_blocks()) < platform.network.zone_count:
        return  # a mistake of its own
    yield from _check_fewest_tasks(platform)
    for name, service in platform.services.items():
        yield from _check_most_tasks(name, service, platform)


def _check_target_groups(platform: Platform) -> Iterator[Violation]:
    routed = [name for name, service in platform.services.items() if service.routes]
    if len(routed) > _MAX_TARGET_GROUPS:
        message = (
            f"{len(routed)} services have routes, each with a target group of its own, and a load balancer takes "
            f"{_MAX_TARGET_GROUPS}: take the routes of {len(routed) - _MAX_TARGET_GROUPS} out"
        )
        yield Violation(("services", routed[_MAX_TARGET_GROUPS], "routes"), message)


def _check_wildcards(platform: Platform) -> Iterator[Violation]:
    for name, service in platform.services.items():
        for index, route in enumerate(service.routes):
            wildcards = len(re.findall(r"[*?]", "".join(route.paths + route.hosts)))
            if wildcards > _MAX_WILDCARDS:
                message = f"{wildcards} * and ? are too many: a rule takes {_MAX_WILDCARDS}; make two routes"
                yield Violation(("services", name, "routes", index), message)


def _check_fewest_tasks(platform: Platform) -> Iterator[Violation]:
    fewest = {name: service.fewest_tasks for name, service in platform.services.items()}
    free = platform.addresses_for_tasks()
    if sum(fewest.values()) > free:
        message = (
            f"{sum(fewest.values()):,} tasks at least, and the subnets have addresses for {free:,}: "
            f"{format_sizes(fewest)}; ask for fewer, {_ENLARGE}"
        )
        yield Violation(("services",), message, depends_on=(("network",), ("service_defaults",)))


def _check_most_tasks(name: str, service: Service, platform: Platform) -> Iterator[Violation]:
    where = ("services", name, *(("scaling", "max") if service.scaling else ("desired_count",)))
    free = platform.addresses_for_tasks()
    if service.most_tasks > _MAX_DISCOVERED_TASKS:
        message = (
            f"{service.most_tasks:,} tasks are too many: Cloud Map finds {_MAX_DISCOVERED_TASKS:,} of a service"
        )
        yield Violation(where, message)
    elif service.most_tasks_deploying > free >= service.fewest_tasks:
        message = (
            f"{service.most_tasks:,} tasks are {service.most_tasks_deploying:,} in a deployment, and the subnets have "
            f"addresses for {free:,}; ask for fewer, lower `deployment.maximum_percent`, {_ENLARGE}"
        )
        yield Violation(where, message, depends_on=(("network",), ("services", name, "deployment")))
