from collections.abc import Iterator, Mapping

from desired_state.checks.violation import Violation
from desired_state.groups import list_all_groups
from desired_state.placement import count_addresses, group_by_tier
from desired_state.platform import Platform
from desired_state.service import Service
from desired_state.sizes import format_sizes

# Limits that AWS does not raise: of tasks that Cloud Map finds (ECS developer guide, "Service quotas"), and of
# target groups (ELB user guide, "Quotas for your Application Load Balancers").
_MAX_DISCOVERED_TASKS = 1000
_MAX_TARGET_GROUPS = 100


def check_capacity(platform: Platform) -> Iterator[Violation]:
    """Check that AWS can run the tasks that the file asks for, and can route to them."""
    yield from _check_target_groups(platform)
    for tier, placed in group_by_tier(platform).items() if not platform.network.existing else ():
        if len(platform.network.blocks(tier)) == platform.network.zone_count:  # else a mistake of its own
            free = count_addresses(platform, tier)
            yield from _check_fewest_tasks(tier, placed, free)
            for name, service in placed.items():
                yield from _check_most_tasks(name, service, tier, free)


def _check_target_groups(platform: Platform) -> Iterator[Violation]:
    for balancer in platform.balancers:
        routed = [group.service for group in list_all_groups(platform) if group.balancer == balancer]
        if len(routed) > _MAX_TARGET_GROUPS:
            message = (
                f"{len(routed)} ports of services have routes, each with a target group of its own, and a load "
                f"balancer takes {_MAX_TARGET_GROUPS}: take the routes of {len(routed) - _MAX_TARGET_GROUPS} out"
            )
            yield Violation(("services", routed[_MAX_TARGET_GROUPS], "routes"), message)


def _check_fewest_tasks(tier: str, placed: Mapping[str, Service], free: int) -> Iterator[Violation]:
    fewest = {name: service.fewest_tasks for name, service in placed.items()}
    if sum(fewest.values()) > free:
        message = (
            f"{sum(fewest.values()):,} tasks at least, and the {tier} subnets have addresses for {free:,}: "
            f"{format_sizes(fewest)}; ask for fewer, {_enlarge(tier)}"
        )
        yield Violation(("services",), message, depends_on=(("network",), ("service_defaults",)))


def _check_most_tasks(name: str, service: Service, tier: str, free: int) -> Iterator[Violation]:
    where = ("services", name, *(("scaling", "max") if service.scaling else ("desired_count",)))
    if service.most_tasks > _MAX_DISCOVERED_TASKS:
        message = (
            f"{service.most_tasks:,} tasks are too many: Cloud Map finds {_MAX_DISCOVERED_TASKS:,} of a service"
        )
        yield Violation(where, message)
    elif service.most_tasks_deploying > free >= service.fewest_tasks:
        message = (
            f"{service.most_tasks:,} tasks are {service.most_tasks_deploying:,} in a deployment, and the {tier} subnets "
            f"have addresses for {free:,}; ask for fewer, lower `deployment.maximum_percent`, {_enlarge(tier)}"
        )
        yield Violation(where, message, depends_on=(("network",), ("services", name, "deployment")))


def _enlarge(tier: str) -> str:
    return f"or write a smaller `network.subnets.{tier}.prefix`"
