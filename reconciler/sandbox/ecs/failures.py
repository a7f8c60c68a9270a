"""Find how tasks will end: something that they need is missing, or their environment asks for it (`requests`).

The reasons are AWS's (ECS developer guide, stopped tasks error messages).
"""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from moto.logs import logs_backends

from reconciler.sandbox.ecr.images import ECR_REFERENCE
from reconciler.sandbox.ecs.model import Failure, Task
from reconciler.sandbox.ecs.needs import unmet_needs
from reconciler.sandbox.ecs.reach import is_reachable
from reconciler.sandbox.ecs.requests import requested_exit, requested_failure
from reconciler.sandbox.world import current


def find_failure(definition: Any, task: Task) -> Failure | None:
    """Return the first failure that the task with this definition will have, if any."""
    return next(_failures(definition, task), None)


def _failures(definition: Any, task: Task) -> Iterator[Failure]:
    if current().profile.needs:
        for reason in unmet_needs(task):
            yield Failure(task.running, "TaskFailedToStart", reason)
    for container in definition.container_definitions:
        yield from _missing_log_group(container, task)
    for container in definition.container_definitions:
        yield from _missing_image(container, task)
    for container in definition.container_definitions:
        yield from _requested_end(container, task)
    yield from _unreachable(task)


def _missing_log_group(container: dict[str, Any], task: Task) -> Iterator[Failure]:
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


def _missing_image(container: dict[str, Any], task: Task) -> Iterator[Failure]:
    requested = requested_failure(container) == "pull"
    if requested or (ECR_REFERENCE.match(container["image"]) and container["name"] not in task.digests):
        image = container["image"]
        reason = (
            "CannotPullContainerError: pull image manifest has been retried 1 time(s): failed to resolve ref "
            f"{image}: {image}: not found"
        )
        yield Failure(task.running, "TaskFailedToStart", reason, container["name"])


def _requested_end(container: dict[str, Any], task: Task) -> Iterator[Failure]:
    """Yield the end that the container asks for. Nobody stops an unhealthy task that no service has."""
    code = requested_exit(container)
    if code is not None and container.get("essential", True):
        reason = "Essential container in task exited"
        yield Failure(task.running, "EssentialContainerExited", reason, container["name"], exit_code=code)
    if requested_failure(container) == "health" and task.service:
        arn = next((b["targetGroupArn"] for b in task.balancers if "targetGroupArn" in b), None)
        yield _unhealthy(task, arn, container["name"])


def _unreachable(task: Task) -> Iterator[Failure]:
    for balancer in blocked_balancers(task):
        yield replace(_unhealthy(task, balancer["targetGroupArn"], balancer["containerName"]), blocked=True)


def blocked_balancers(task: Task) -> list[dict[str, Any]]:
    """Return those of a service's `loadBalancers` that no group lets through to the task."""
    return [
        balancer
        for balancer in task.balancers
        if (arn := balancer.get("targetGroupArn"))
        and task.network
        and not is_reachable(task, arn, balancer["containerPort"])
    ]


def _unhealthy(task: Task, arn: str | None, container: str) -> Failure:
    """Return the failure of a running task at the time when a healthy one would have passed its checks."""
    reason = (
        f"Task failed ELB health checks in (target-group {arn})"
        if arn
        else "Task failed container health checks"
    )
    return Failure(
        task.running + current().profile.target_healthy, "ServiceSchedulerInitiated", reason, container
    )
