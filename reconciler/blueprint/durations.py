"""How long a service may take to settle and to stop, by its own settings. In seconds."""

from math import ceil, floor

from desired_state.service import Service
from reconciler.resources.ecs_service.spec import TASKS_STOP_WITHIN

STARTS = 180  # from the placement of a task to its first answer: the image is pulled meanwhile
STOP_TIMEOUT = 120  # the most that a task on Fargate is given to end (ECS, task definition parameters)
FAILURES = 3  # that the circuit breaker counts before it acts, at least (ECS, deployment circuit breaker)
SLACK = 600  # ECS itself, and capacity that is not there at once


def stops_within(wanted: Service) -> int:
    """Until a deleted service is INACTIVE: its tasks finish their requests first."""
    return TASKS_STOP_WITHIN + _leaves(wanted)


def settles_within(wanted: Service) -> int:
    """Until a deployment has ended: its tasks come in rounds, and those that fail come again."""
    return SLACK + max(FAILURES, _rounds(wanted)) * (STARTS + _checked(wanted) + _leaves(wanted) + STOP_TIMEOUT)


def _leaves(wanted: Service) -> int:
    return wanted.deregistration_delay if wanted.routes else 0


def _checked(wanted: Service) -> int:
    """Until a new task is known to be healthy, or is not."""
    inside, outside = wanted.container_health_check, wanted.health_check
    seconds = inside.start_period + inside.retries * inside.interval if inside else 0
    if wanted.routes:
        seconds += outside.grace_period + outside.interval * max(outside.healthy, outside.unhealthy)
    return seconds


def _rounds(wanted: Service) -> int:
    """As many tasks are exchanged at once as may be missing and too many together."""
    count = max(1, wanted.scaling.max if wanted.scaling else wanted.desired_count)
    limits = wanted.deployment
    most, least = (
        floor(count * limits.maximum_percent / 100),
        ceil(count * limits.minimum_healthy_percent / 100),
    )
    return ceil(count / max(1, most - least))
