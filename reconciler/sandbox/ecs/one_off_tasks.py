"""Tasks of RunTask: they start, end if their containers do, and give their interfaces back."""

from copy import copy
from typing import Any

from moto.ecs import ecs_backends
from moto.moto_api._internal import mock_random

from reconciler.sandbox.ecr.images import find_digest
from reconciler.sandbox.ecs.capacity import choose_provider
from reconciler.sandbox.ecs.failures import find_failure
from reconciler.sandbox.ecs.model import Task
from reconciler.sandbox.ecs.task_logs import log_end, log_start
from reconciler.sandbox.ecs.task_network import attach_task, release_task
from reconciler.sandbox.eventbridge.ecs_events import tell_task
from reconciler.sandbox.world import current


def advance_one_off_tasks() -> None:
    """Bring the tasks of RunTask of every account and region up to the present moment."""
    now = current().clock.now()
    for _, _, ecs in list(ecs_backends.iter_backends()):
        for task in list(_unreleased(ecs).values()):
            _advance(task, now)
            if task.released:
                del _unreleased(ecs)[task.task_arn]


def _unreleased(ecs: Any) -> dict[str, Task]:
    """Return the tasks of RunTask that have not given their interface back, by ARN."""
    tasks: dict[str, Task] = ecs.__dict__.setdefault("one_off_tasks", {})
    return tasks


def _advance(task: Task, now: float) -> None:
    starts = task.failure is None or task.failure.stop_code != "TaskFailedToStart"
    if task.alive and task.registered is None and task.running <= now and starts:
        task.registered = task.running
        log_start(task, task.running)
        tell_task(task, "RUNNING", task.running)
    failure = task.failure
    if failure is not None and task.alive and failure.at <= now:
        stop_one_off(task, failure.at, failure.stop_code, failure.stopped_reason)
    if task.stopped <= now:
        release_task(task)
        tell_task(task, "STOPPED", task.stopped)


def stop_one_off(task: Task, at: float, code: str, reason: str) -> None:
    """Order a task of RunTask to stop. It is STOPPED at once if its containers have never run."""
    task.stopping = at
    task.stopped = at + (current().profile.task_stop if task.registered is not None else 0)
    task.stop_code = code
    task.stopped_reason = reason
    if task.registered is not None:
        log_end(task, at)


def launch_one_off(ecs: Any, cluster: Any, definition: Any, asked: dict[str, Any], former: list[Task]) -> Task:
    """Launch a task, the next after `former` of the same call, and decide how it will start and end.

    `definition` has the overrides; `asked` are the checked parameters of RunTask.
    """
    now, start = current().clock.now(), current().profile.task_start
    prefix = cluster.arn.replace(":cluster/", ":task/")
    task = Task(
        task_arn=f"{prefix}/{mock_random.get_random_hex(32)}",
        cluster_arn=cluster.arn,
        task_definition_arn=definition.arn,
        definition=definition,
        group=asked.get("group") or f"family:{definition.family}",
        started_by=asked.get("startedBy", ""),
        launch=_launch_fields(asked, former),
        created=now,
        pending=now + start / 3,
        running=now + start,
        tags=_tags(cluster, definition, asked),
        overrides=asked.get("overrides", {}),
        digests=_digests(definition),
    )
    wanted = asked.get("networkConfiguration", {}).get("awsvpcConfiguration")
    if wanted:
        attach_task(task, wanted, len(former))
    task.failure = find_failure(definition, task)
    ecs.tasks.setdefault(cluster.name, {})[task.task_arn] = task
    _unreleased(ecs)[task.task_arn] = task
    tell_task(task, "PROVISIONING", task.created)
    return task


def _digests(definition: Any) -> dict[str, str]:
    found = {c["name"]: find_digest(c["image"]) for c in definition.container_definitions}
    return {name: digest for name, digest in found.items() if digest}


def _launch_fields(asked: dict[str, Any], former: list[Task]) -> dict[str, Any]:
    common = {
        "platformVersion": asked.get("platformVersion", "LATEST"),
        "enableExecuteCommand": asked.get("enableExecuteCommand", False),
        "launchType": "FARGATE",
    }
    strategy = asked.get("capacityProviderStrategy")
    return common | ({"capacityProviderName": choose_provider(strategy, former)} if strategy else {})


def _tags(cluster: Any, definition: Any, asked: dict[str, Any]) -> list[dict[str, str]]:
    propagated = definition.tags if asked.get("propagateTags") == "TASK_DEFINITION" else []
    tags = {tag["key"]: tag.get("value", "") for tag in [*(propagated or []), *asked.get("tags", [])]}
    managed = {"aws:ecs:clusterName": cluster.name} if asked.get("enableECSManagedTags") else {}
    return [{"key": key, "value": value} for key, value in (tags | managed).items()]


def override(definition: Any, overrides: dict[str, Any]) -> Any:
    """Return the definition as this task runs it: with its own roles, sizes, commands and environments."""
    own = copy(definition)
    for name, attribute in (("taskRoleArn", "task_role_arn"), ("executionRoleArn", "execution_role_arn")):
        setattr(own, attribute, overrides.get(name) or getattr(definition, attribute, None))
    own.cpu = overrides.get("cpu") or definition.cpu
    own.memory = overrides.get("memory") or definition.memory
    sent = {each.get("name"): each for each in overrides.get("containerOverrides", [])}
    own.container_definitions = [
        _override_container(container, sent.get(container["name"], {}))
        for container in definition.container_definitions
    ]
    return own


def _override_container(container: dict[str, Any], sent: dict[str, Any]) -> dict[str, Any]:
    replaced: dict[str, Any] = {
        k: sent[k] for k in ("command", "cpu", "memory", "memoryReservation") if k in sent
    }
    variables = {e["name"]: e.get("value", "") for e in container.get("environment", [])}
    variables |= {e["name"]: e.get("value", "") for e in sent.get("environment", [])}
    return {**container, **replaced, "environment": [{"name": k, "value": v} for k, v in variables.items()]}
