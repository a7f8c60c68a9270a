"""ExecuteCommand: refused as ECS does; a session that it opens leads nowhere, for no container runs.

The address of the session ends in `.invalid`, which no resolver knows: nothing leaves the machine for it.
"""

from typing import Any

from moto.core.responses import ActionResult
from moto.ecs.exceptions import ECSException, InvalidParameterException
from moto.ecs.responses import EC2ContainerServiceResponse
from moto.moto_api._internal import mock_random

from reconciler.sandbox.ecs.model import Task
from reconciler.sandbox.ecs.needs import assumable_role
from reconciler.sandbox.ecs.permissions import find_refusal
from reconciler.sandbox.ecs.reach import has_way
from reconciler.sandbox.ecs.task_answers import task_status
from reconciler.sandbox.ecs.task_calls import find_task
from reconciler.sandbox.world import add, current

# What the agent needs of the task role (ECS developer guide, ECS Exec).
_ACTIONS = (
    "ssmmessages:CreateControlChannel",
    "ssmmessages:CreateDataChannel",
    "ssmmessages:OpenControlChannel",
    "ssmmessages:OpenDataChannel",
)


def install() -> None:
    add(EC2ContainerServiceResponse, "execute_command", execute_command)


def execute_command(response: Any) -> ActionResult:
    """Open a session with a container of a running task whose agent is there and connected."""
    ecs = response.ecs_backend
    sent = response._get_params()
    cluster = ecs._get_cluster(sent.get("cluster", "default"))
    if not sent.get("interactive"):
        raise InvalidParameterException("Interactive is the only mode supported currently.")
    if not sent.get("command"):
        raise InvalidParameterException("Command cannot be empty.")
    task = find_task(ecs, cluster, sent["task"])
    name = _find_container(task, sent.get("container"))
    _check_agent(task)
    session = f"ecs-execute-command-{mock_random.get_random_hex(17)}"
    return ActionResult(
        {
            "clusterArn": cluster.arn,
            "containerArn": f"{task.task_arn.replace(':task/', ':container/')}/{name}",
            "containerName": name,
            "interactive": True,
            "session": {
                "sessionId": session,
                "streamUrl": f"wss://ssmmessages.sandbox.invalid/v1/data-channel/{session}?role=publish_subscribe",
                "tokenValue": mock_random.get_random_hex(64),
            },
            "taskArn": task.task_arn,
        }
    )


def _find_container(task: Task, name: str | None) -> str:
    """Return the named container, or the only one; refuse others."""
    names = [container["name"] for container in task.definition.container_definitions]
    if name is None and len(names) > 1:
        raise InvalidParameterException("Container name must be specified for a task with several containers.")
    if name is not None and name not in names:
        raise InvalidParameterException(f"The container {name} does not exist in the task.")
    return name or str(names[0])


def _check_agent(task: Task) -> None:
    """Refuse a task without a running agent (in ECS's words: aws-cli#6242, aws-cli#9070)."""
    if not task.launch.get("enableExecuteCommand") or task_status(task, current().clock.now()) != "RUNNING":
        raise InvalidParameterException(
            "The execute command failed because execute command was not enabled when the task was run or the execute "
            "command agent isn’t running. Wait and try again or run a new task with execute command enabled and try "  # noqa: RUF001
            "again."
        )
    if current().profile.needs and not _is_connected(task):
        message = "The execute command failed due to an internal error. Try again later."
        raise ECSException("TargetNotConnectedException", message)


def _is_connected(task: Task) -> bool:
    now = current().clock.now()
    arn = getattr(task.definition, "task_role_arn", None)
    role = assumable_role(arn, now) if arn else None
    permitted = role is not None and not any(find_refusal(role, task, action, "*", now) for action in _ACTIONS)
    return permitted and (not task.network or has_way(task, "ssmmessages"))
