"""Compute how long a service may take to deploy and to stop, from its settings, in seconds."""

from math import ceil, floor

from desired_state.service import Service
from reconciler.resources.ecs_service.spec import TASKS_STOP_WITHIN

TASK_START_SECONDS = 180  # from the placement of a task to its first answer; the image is pulled meanwhile
TASK_STOP_SECONDS = 120  # the most that a task on Fargate is given to end (ECS, task definition parameters)
MIN_FAILED_TASKS = 3  # failed tasks before the circuit breaker acts, at least (ECS, deployment circuit breaker)
SLACK_SECONDS = 600  # for ECS itself, and for capacity that is not available at once


def stops_within(service: Service) -> int:
    """Return the seconds until a deleted service is INACTIVE, as its tasks finish their requests first."""
    return TASKS_STOP_WITHIN + _deregistration(service)


def settles_within(service: Service) -> int:
    """Return the seconds until a deployment has ended: tasks start in rounds, and failed ones start again."""
    one_round = TASK_START_SECONDS + _health_checks(service) + _deregistration(service) + TASK_STOP_SECONDS
    return SLACK_SECONDS + max(MIN_FAILED_TASKS, _rounds(service)) * one_round


def _deregistration(service: Service) -> int:
    return service.deregistration_delay if service.leading_routes else 0


def _health_checks(service: Service) -> int:
    """Return the seconds until a new task is known to be healthy or unhealthy."""
    container, target = service.container_health_check, service.health_check
    seconds = container.start_period + container.retries * container.interval if container else 0
    if service.leading_routes:
        seconds += target.grace_period + target.interval * max(target.healthy, target.unhealthy)
    return seconds


def _rounds(service: Service) -> int:
    """Return the number of rounds. A round replaces as many tasks as may be missing and in excess together."""
    count = max(1, service.most_tasks)
    limits = service.deployment
    most, least = (
        floor(count * limits.maximum_percent / 100),
        ceil(count * limits.minimum_healthy_percent / 100),
    )
    return ceil(count / max(1, most - least))
