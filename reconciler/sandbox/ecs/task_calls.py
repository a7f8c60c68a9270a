"""ListTasks, DescribeTasks and StopTask, for the tasks of services and of RunTask."""

from typing import Any

from moto.core.responses import ActionResult
from moto.ecs.exceptions import InvalidParameterException, ServiceNotFoundException
from moto.ecs.responses import EC2ContainerServiceResponse

from reconciler.sandbox.ecs.answers import page
from reconciler.sandbox.ecs.model import Task
from reconciler.sandbox.ecs.one_off_tasks import stop_one_off
from reconciler.sandbox.ecs.task_answers import task_answer, task_status
from reconciler.sandbox.ecs.task_names import task_id
from reconciler.sandbox.ecs.tasks import stop_task
from reconciler.sandbox.world import add, current

STOPPED_TASKS_KEPT = 3600  # seconds
DESCRIBED = 100  # tasks a call (ECS API reference, DescribeTasks)
# What ListTasks combines with no `startedBy` (aws-sdk-go-v2#1893).
_OTHER_FILTERS = ("family", "serviceName", "launchType", "containerInstance", "daemonName")


def install() -> None:
    for action in (list_tasks, describe_tasks, stop_task_by_name):
        add(EC2ContainerServiceResponse, action.__name__.removesuffix("_by_name"), action)


def list_tasks(response: Any) -> ActionResult:
    """List task ARNs. The default of desiredStatus is RUNNING (ECS API reference, ListTasks)."""
    ecs = response.ecs_backend
    sent = response._get_params()
    cluster = ecs._get_cluster(sent.get("cluster", "default"))
    _check_filters(ecs, cluster, sent)
    service = sent.get("serviceName", "").rpartition("/")[2]
    found = [
        task.task_arn
        for task in present_tasks(ecs, cluster)
        if ("RUNNING" if task.alive else "STOPPED") == sent.get("desiredStatus", "RUNNING")
        if sent.get("startedBy") in (None, task.started_by)
        if sent.get("family") in (None, task.definition.family)
        if sent.get("launchType") in (None, task.launch.get("launchType"))
        if service in ("", task.service)
        if "containerInstance" not in sent and "daemonName" not in sent
    ]
    return page(response, "taskArns", found, 100)


def _check_filters(ecs: Any, cluster: Any, sent: dict[str, Any]) -> None:
    if "startedBy" in sent and any(name in sent for name in _OTHER_FILTERS):
        raise InvalidParameterException("cannot specify startedBy with other arguments")
    if "serviceName" in sent:
        key = f"{cluster.name}:{sent['serviceName'].rpartition('/')[2]}"
        if key not in ecs.services:
            raise ServiceNotFoundException


def present_tasks(ecs: Any, cluster: Any) -> list[Task]:
    """Return the tasks of a cluster, and delete those that stopped more than an hour ago."""
    tasks: dict[str, Task] = ecs.tasks.get(cluster.name, {})
    expired = current().clock.now() - STOPPED_TASKS_KEPT
    for arn in [arn for arn, task in tasks.items() if task.stopped < expired]:
        del tasks[arn]
    return [task for task in tasks.values() if task.cluster_arn == cluster.arn]


def describe_tasks(response: Any) -> ActionResult:
    """Describe at most 100 tasks, both of services and of RunTask."""
    ecs = response.ecs_backend
    cluster = ecs._get_cluster(response._get_param("cluster", "default"))
    names, include = response._get_param("tasks", []), response._get_param("include", [])
    if not names or len(names) > DESCRIBED:
        raise InvalidParameterException(
            "Tasks cannot be empty." if not names else f"tasks can have at most {DESCRIBED} items."
        )
    asked = list(dict.fromkeys(task_id(cluster, name) for name in names))
    known = {task.id: task for task in present_tasks(ecs, cluster)}
    prefix = cluster.arn.replace(":cluster/", ":task/")
    found = [task_answer(known[name], tags="TAGS" in include) for name in asked if name in known]
    failures = [{"arn": f"{prefix}/{name}", "reason": "MISSING"} for name in asked if name not in known]
    return ActionResult({"tasks": found, "failures": failures})


def find_task(ecs: Any, cluster: Any, name: str) -> Task:
    """Return the task with this id or ARN; refuse an absent one."""
    wanted = task_id(cluster, name)
    for task in present_tasks(ecs, cluster):
        if task.id == wanted:
            return task
    raise InvalidParameterException("The referenced task was not found.")


def stop_task_by_name(response: Any) -> ActionResult:
    """Order a task to stop. The answer still tells the status that it had (ECS API reference, StopTask)."""
    ecs = response.ecs_backend
    cluster = ecs._get_cluster(response._get_param("cluster", "default"))
    task = find_task(ecs, cluster, response._get_param("task"))
    reason = response._get_param("reason") or "Task stopped by user"
    now = current().clock.now()
    before = task_status(task, now)
    if task.alive and task.service:
        service = ecs._get_service(cluster.name, task.service)
        stop_task(service, task, now, "UserInitiated", reason)
        service.next_moment = now
    elif task.alive:
        stop_one_off(task, now, "UserInitiated", reason)
    return ActionResult({"task": task_answer(task, tags=True, status=before)})
