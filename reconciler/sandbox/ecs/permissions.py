"""The permissions that a role gives, and those that an execution role needs to start a task."""

from collections.abc import Iterator
from typing import Any

from moto.logs import logs_backends

from reconciler.sandbox.authorization.decisions import Request, Target, evaluate
from reconciler.sandbox.authorization.keys import caller_keys
from reconciler.sandbox.authorization.principals import policies_of_role
from reconciler.sandbox.callers import caller_in_role
from reconciler.sandbox.ecr.images import ECR_REFERENCE
from reconciler.sandbox.ecs.env_files import required_file_actions
from reconciler.sandbox.ecs.model import Task
from reconciler.sandbox.ecs.secrets import required_secret_actions

_AUTH = "ResourceInitializationError: unable to pull secrets or registry auth: execution resource retrieval failed: "
_FILES = (  # aws/aws-cdk#12720
    "ResourceInitializationError: failed to download env files: file download command: non empty error stream: "
)
_LOGGER = "ResourceInitializationError: failed to validate logger args: "
_PULL = "CannotPullContainerError: pull image manifest has been retried 1 time(s): failed to resolve ref {}: "


def required_actions(task: Task) -> Iterator[tuple[str, str, str]]:
    """Yield the actions that starting the task needs: action, resource, and the beginning of its error.

    They are those of AWS's policy AmazonECSTaskExecutionRolePolicy, as far as the task's containers need them.
    """
    _, partition, _, region, account = task.task_arn.split(":")[:5]
    home = f"arn:{partition}:{{service}}:{region}:{account}"
    for container in task.definition.container_definitions:
        if ECR_REFERENCE.match(container["image"]):
            yield "ecr:GetAuthorizationToken", "*", _AUTH
        for action, arn in required_secret_actions(container, home):
            yield action, arn, _AUTH
    for container in task.definition.container_definitions:
        for action, arn in required_file_actions(container):
            yield action, arn, _FILES
    for container in task.definition.container_definitions:
        yield from _log_actions(container, home, logs_backends[account][region].groups)
    for container in task.definition.container_definitions:
        if image := ECR_REFERENCE.match(container["image"]):
            arn = f"arn:{partition}:ecr:{image['region']}:{image['account']}:repository/{image['repository']}"
            for action in ("ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"):
                yield action, arn, _PULL.format(container["image"])


def _log_actions(container: dict[str, Any], home: str, groups: Any) -> Iterator[tuple[str, str, str]]:
    logging = container.get("logConfiguration", {})
    options = logging.get("options", {})
    if logging.get("logDriver") != "awslogs":
        return
    arn = f"{home.format(service='logs')}:log-group:{options['awslogs-group']}:*"
    yield "logs:CreateLogStream", arn, _LOGGER
    if options.get("awslogs-create-group") == "true" and options["awslogs-group"] not in groups:
        yield "logs:CreateLogGroup", arn, _LOGGER


def find_refusal(role: Any, task: Task, action: str, resource: str, at: float) -> str:
    """Return why the role's policies in force at this moment do not let a task do this; empty if they do."""
    if getattr(role, "permitted_at", 0) > at:
        return f"because no identity-based policy allows the {action} action"
    keys = caller_keys(caller_in_role(role.arn, task.id), region=task.task_arn.split(":")[3])
    return evaluate(policies_of_role(role), Request(action, (Target(resource),), keys)).why
