"""Why a task ends by itself: what it needs is not there, or its environment asks for it (SANDBOX_FAIL).

The reasons are AWS's (ECS developer guide, stopped tasks error messages).
"""

from collections.abc import Iterator
from typing import Any

from moto.logs import logs_backends

from reconciler.sandbox.ecr.images import REFERENCE
from reconciler.sandbox.ecs.model import Failure, Task
from reconciler.sandbox.ecs.needs import unmet
from reconciler.sandbox.ecs.reach import is_reached
from reconciler.sandbox.world import current


def failure(described: Any, task: Task) -> Failure | None:
    """The first thing that goes wrong, if anything does. `described` is the task definition."""
    return next(_failures(described, task), None)


def _failures(described: Any, task: Task) -> Iterator[Failure]:
    if current().profile.needs:
        for reason in unmet(task):
            yield Failure(task.running, "TaskFailedToStart", reason)
    for container in described.container_definitions:
        yield from _no_log_group(container, task)
    for container in described.container_definitions:
        yield from _no_image(container, task)
    for container in described.container_definitions:
        yield from _asked_for(container, task)
    if current().profile.needs:
        yield from _not_reached(task)


def _no_log_group(container: dict[str, Any], task: Task) -> Iterator[Failure]:
    logging = container.get("logConfiguration", {})
    options = logging.get("options", {})
    if logging.get("logDriver") != "awslogs" or options.get("awslogs-create-group") == "true":
        return
    _, _, _, home, account, _ = task.task_arn.split(":", 5)
    groups = logs_backends[account][options.get("awslogs-region", home)].groups
    if options.get("awslogs-group") not in groups:
        reason = (
            "ResourceInitializationError: failed to validate logger args: create stream has been retried 1 times: "
            "failed to create Cloudwatch log stream: ResourceNotFoundException: The specified log group does not "
            "exist. : exit status 1"
        )
        yield Failure(task.running, "TaskFailedToStart", reason)


def _no_image(container: dict[str, Any], task: Task) -> Iterator[Failure]:
    asked = _asked(container) == "pull"
    if asked or (REFERENCE.match(container["image"]) and container["name"] not in task.digests):
        image = container["image"]
        reason = (
            "CannotPullContainerError: pull image manifest has been retried 1 time(s): failed to resolve ref "
            f"{image}: {image}: not found"
        )
        yield Failure(task.running, "TaskFailedToStart", reason, container["name"])


def _asked_for(container: dict[str, Any], task: Task) -> Iterator[Failure]:
    asked = _asked(container)
    if asked == "exit":
        reason = "Essential container in task exited"
        yield Failure(task.running, "EssentialContainerExited", reason, container["name"], exit_code=1)
    if asked == "health":
        arn = next((b["targetGroupArn"] for b in task.balancers if "targetGroupArn" in b), None)
        yield _unhealthy(task, arn, container["name"])


def _not_reached(task: Task) -> Iterator[Failure]:
    for balancer in task.balancers:
        arn = balancer.get("targetGroupArn")
        if arn and task.network and not is_reached(task, arn, balancer["containerPort"]):
            yield _unhealthy(task, arn, balancer["containerName"])


def _unhealthy(task: Task, arn: str | None, container: str) -> Failure:
    """It runs, fails its checks for as long as another would need to pass them, and is stopped for that."""
    reason = (
        f"Task failed ELB health checks in (target-group {arn})"
        if arn
        else "Task failed container health checks"
    )
    return Failure(
        task.running + current().profile.target_healthy, "ServiceSchedulerInitiated", reason, container
    )


def _asked(container: dict[str, Any]) -> str:
    return next((e["value"] for e in container["environment"] if e["name"] == "SANDBOX_FAIL"), "")
