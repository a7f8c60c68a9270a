"""Protection of a service's tasks from being stopped by the scheduler."""

from typing import Any

from moto.core.responses import ActionResult
from moto.ecs.exceptions import InvalidParameterException
from moto.ecs.responses import EC2ContainerServiceResponse

from reconciler.sandbox.ecs.model import Task
from reconciler.sandbox.ecs.task_calls import present_tasks
from reconciler.sandbox.ecs.task_names import task_id
from reconciler.sandbox.world import add, current

# ECS API reference, UpdateTaskProtection.
TASKS_LIMIT = 10
USUAL_MINUTES, MOST_MINUTES = 120, 2880


def install() -> None:
    add(EC2ContainerServiceResponse, "get_task_protection", get_task_protection)
    add(EC2ContainerServiceResponse, "update_task_protection", update_task_protection)


def get_task_protection(response: Any) -> ActionResult:
    """Tell the protection of tasks; those of RunTask have none."""
    return _answer(*_find_tasks(response))


def update_task_protection(response: Any) -> ActionResult:
    """Protect running tasks of services for some minutes, or no longer."""
    minutes = response._get_int_param("expiresInMinutes", USUAL_MINUTES)
    if not 1 <= minutes <= MOST_MINUTES:
        raise InvalidParameterException(f"expiresInMinutes should be between 1 and {MOST_MINUTES}.")
    tasks, failures = _find_tasks(response)
    protect = response._get_param("protectionEnabled")
    for task in tasks:
        task.protected_until = current().clock.now() + minutes * 60 if protect else 0.0
        service = response.ecs_backend._get_service(task.cluster_arn.rpartition("/")[2], task.service)
        service.scaled_to = -1  # so that the scheduler looks again
    return _answer(tasks, failures)


def _find_tasks(response: Any) -> tuple[list[Task], list[dict[str, str]]]:
    """Return the named tasks of services, and a failure for each other one."""
    ecs = response.ecs_backend
    cluster = ecs._get_cluster(response._get_param("cluster"))
    names = [task_id(cluster, name) for name in response._get_param("tasks", [])]
    if len(names) > TASKS_LIMIT:
        raise InvalidParameterException(f"tasks can have at most {TASKS_LIMIT} items.")
    if not names:
        raise InvalidParameterException("Tasks cannot be empty.")
    known = {task.id: task for task in present_tasks(ecs, cluster)}
    prefix = cluster.arn.replace(":cluster/", ":task/")
    reasons = {name: _failure(known.get(name)) for name in names}
    failures = [{"arn": f"{prefix}/{name}", "reason": why} for name, why in reasons.items() if why]
    return [known[name] for name, why in reasons.items() if not why], failures


def _failure(task: Task | None) -> str:
    """Return why the task cannot be protected (ECS developer guide, API failure reasons)."""
    if task is None:
        return "MISSING"
    return "" if task.service and task.alive else "TASK_NOT_VALID"


def _answer(tasks: list[Task], failures: list[dict[str, str]]) -> ActionResult:
    now = current().clock.now()
    protected = []
    for task in tasks:
        told = {"taskArn": task.task_arn, "protectionEnabled": task.protected_until > now}
        expiry = (
            {"expirationDate": current().clock.date(task.protected_until)} if told["protectionEnabled"] else {}
        )
        protected.append(told | expiry)
    return ActionResult({"protectedTasks": protected, "failures": failures})
