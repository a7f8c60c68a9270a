"""The health of containers that have a health check, and of their task."""

from typing import Any

from reconciler.sandbox.ecs.model import Task
from reconciler.sandbox.ecs.requests import requested_failure
from reconciler.sandbox.world import current


def is_checked(container: dict[str, Any]) -> bool:
    """Tell whether the container has a health check in its definition; those of images are not told by ECS."""
    command: list[str] = container.get("healthCheck", {}).get("command", ["NONE"])
    return command[0] != "NONE"


def seconds_to_health(definition: Any) -> float:
    """Return how long the checks of a task's essential containers take to succeed for the first time.

    That is one interval, or the profile's time for a target where that is shorter.
    """
    intervals = [float(container["healthCheck"]["interval"]) for container in _checked(definition)]
    return min(max(intervals, default=0.0), current().profile.target_healthy)


def container_health(task: Task, container: dict[str, Any], now: float) -> str:
    """Return UNKNOWN without a check or a result, and HEALTHY or UNHEALTHY with one."""
    if not is_checked(container) or not task.alive or now < task.running + seconds_to_health(task.definition):
        return "UNKNOWN"
    return "UNHEALTHY" if requested_failure(container) == "health" else "HEALTHY"


def task_health(task: Task, now: float) -> str:
    """Return the worst health of the essential containers with a check (ECS API reference, Task)."""
    told = {container_health(task, container, now) for container in _checked(task.definition)}
    return next((health for health in ("UNHEALTHY", "UNKNOWN", "HEALTHY") if health in told), "UNKNOWN")


def _checked(definition: Any) -> list[dict[str, Any]]:
    return [c for c in definition.container_definitions if is_checked(c) and c.get("essential", True)]
