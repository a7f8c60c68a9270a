"""ListTasks, DescribeTasks and StopTask for the tasks of services. The tasks of RunTask are moto's.

Only their interfaces are like those of services' tasks.
"""

from collections.abc import Iterator
from typing import Any

from moto.core.responses import ActionResult
from moto.ec2 import ec2_backends
from moto.ecs.exceptions import InvalidParameterException
from moto.ecs.models import EC2ContainerServiceBackend
from moto.ecs.responses import EC2ContainerServiceResponse

from reconciler.sandbox.ec2.interfaces import release_interface
from reconciler.sandbox.ecs.answers import page
from reconciler.sandbox.ecs.model import Task
from reconciler.sandbox.ecs.task_answers import task_answer
from reconciler.sandbox.ecs.tasks import stop_task
from reconciler.sandbox.world import add, current, wrap

STOPPED_TASKS_KEPT = 3600  # seconds


def install() -> None:
    add(EC2ContainerServiceResponse, "list_tasks", list_tasks)
    add(EC2ContainerServiceResponse, "describe_tasks", describe_tasks)
    wrap(EC2ContainerServiceBackend, "run_task", _run_task)
    wrap(EC2ContainerServiceBackend, "stop_task", _stop_task)


def list_tasks(response: Any) -> ActionResult:
    """List task ARNs. The default of desiredStatus is RUNNING (ECS API reference, ListTasks)."""
    cluster = response.ecs_backend._get_cluster(response._get_param("cluster", "default"))
    status = response._get_param("desiredStatus", "RUNNING")
    service = response._get_param("serviceName")
    asked = {
        "group": f"service:{service.rpartition('/')[2]}" if service else None,
        "started_by": response._get_param("startedBy"),
        "family": response._get_param("family"),
        "launch_type": response._get_param("launchType"),
    }
    found = [
        task.task_arn
        for task in _tasks(response.ecs_backend, cluster.name)
        if _desired_status(task) == status
        if all(value is None or _field(task, name) == value for name, value in asked.items())
    ]
    return page(response, "taskArns", found, 100)


def _tasks(ecs: Any, cluster_name: str) -> list[Any]:
    """Return the tasks of a cluster, and delete those that stopped more than an hour ago."""
    tasks = ecs.tasks.get(cluster_name, {})
    expired = current().clock.now() - STOPPED_TASKS_KEPT
    for arn in [a for a, task in tasks.items() if isinstance(task, Task) and task.stopped < expired]:
        del tasks[arn]
    return list(tasks.values())


def _desired_status(task: Any) -> str:
    if isinstance(task, Task):
        return "RUNNING" if task.alive else "STOPPED"
    return str(task.desired_status)


def _field(task: Any, name: str) -> Any:
    if name == "family":
        return task.task_definition_arn.rpartition("/")[2].partition(":")[0]
    if name == "launch_type" and isinstance(task, Task):
        return task.launch.get("launchType")
    return getattr(task, name)


def describe_tasks(response: Any) -> ActionResult:
    """Describe at most 100 tasks, both of services and of RunTask."""
    ecs = response.ecs_backend
    cluster = ecs._get_cluster(response._get_param("cluster", "default"))
    asked = [name.rpartition("/")[2] for name in response._get_param("tasks", [])]
    if not asked or len(asked) > 100:  # noqa: PLR2004 - AWS's limit
        raise InvalidParameterException(
            "Tasks cannot be empty." if not asked else "tasks can have at most 100 items."
        )
    tags = "TAGS" in response._get_param("include", [])
    known = {task.task_arn.rpartition("/")[2]: task for task in _tasks(ecs, cluster.name)}
    prefix = cluster.arn.replace(":cluster/", ":task/")
    return ActionResult(
        {
            "tasks": [_answer(known[name], tags=tags) for name in asked if name in known],
            "failures": [{"arn": f"{prefix}/{n}", "reason": "MISSING"} for n in asked if n not in known],
        }
    )


def _answer(task: Any, *, tags: bool) -> Any:
    if not isinstance(task, Task):
        task.advance()
        return task
    return task_answer(task, tags=tags)


def _run_task(original: Any, ecs: Any, *args: Any, **kwargs: Any) -> Any:
    started = original(ecs, *args, **kwargs)
    for task in started:
        for eni, attachment in _interfaces(ecs, task):
            eni.description = f"arn:aws:ecs:{ecs.region_name}:{ecs.account_id}:attachment/{attachment}"
            eni.requester_managed, eni.requester_id = True, "amazon-ecs"
    return started


def _interfaces(ecs: Any, task: Any) -> Iterator[tuple[Any, str]]:
    """Yield each interface of a task of moto's with the id of its attachment."""
    ec2 = ec2_backends[ecs.account_id][ecs.region_name]
    for attachment in task.attachments:
        values = {detail["name"]: detail["value"] for detail in attachment["details"]}
        if eni := ec2.enis.get(values["networkInterfaceId"]):
            yield eni, attachment["id"]


def _stop_task(original: Any, ecs: Any, cluster_str: str, task_str: str, reason: str) -> Any:
    cluster = ecs._get_cluster(cluster_str)
    found = [t for t in _tasks(ecs, cluster.name) if t.task_arn.endswith(task_str.rpartition("/")[2])]
    if not found:
        raise InvalidParameterException("The referenced task was not found.")
    task = found[0]
    if not isinstance(task, Task):
        for eni, _ in _interfaces(ecs, task):
            release_interface(eni)
        return original(ecs, cluster_str, task_str, reason)
    service = ecs._get_service(cluster.name, task.group.removeprefix("service:"))
    now = current().clock.now()
    if task.alive:
        stop_task(service, task, now, "UserInitiated", reason or "Task stopped by user")
        service.next_moment = now
    return _answer(task, tags=True)
