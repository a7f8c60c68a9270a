"""What containers with the log driver `awslogs` write: a few lines, for nothing runs in the embedded AWS.

The stream is PREFIX/CONTAINER/TASK-ID (ECS developer guide, awslogs).
A task that does not start writes nothing.
"""

from datetime import datetime
from typing import Any

from moto.logs import logs_backends
from moto.logs.models import LogEvent, LogStream

from reconciler.sandbox.ecs.model import Task
from reconciler.sandbox.ecs.requests import requested_exit
from reconciler.sandbox.world import current


def log_start(task: Task, at: float) -> None:
    """Let each container write that it has started, and with which command."""
    for container in task.definition.container_definitions:
        command = " ".join([*container.get("entryPoint", ()), *container.get("command", ())])
        lines = [f"started: container {container['name']} of task {task.id}, image {container['image']}"]
        _write(task, container, at, [*lines, f"command: {command}"] if command else lines)


def log_end(task: Task, at: float) -> None:
    """Let each container write that it ends: of its own accord, or as its task stops."""
    for container in task.definition.container_definitions:
        code = requested_exit(container)
        own = task.failure is not None and task.failure.exit_code is not None and code is not None
        _write(task, container, at, [f"exited with code {code}" if own else "stopped by SIGTERM"])


def _write(task: Task, container: dict[str, Any], at: float, lines: list[str]) -> None:
    stream = _stream(task, container, at)
    if stream is None:
        return
    moment = current().clock.date(at)
    stamp = int(moment.timestamp() * 1000)
    stream.events += [LogEvent(stamp, {"timestamp": stamp, "message": line}) for line in lines]
    stream.last_ingestion_time = _naive(at)
    stream.stored_bytes += sum(len(line) for line in lines)
    stream.upload_sequence_token += 1


def _stream(task: Task, container: dict[str, Any], at: float) -> Any:
    """Return the container's stream, made with its group where that may be; None if nothing can be written."""
    logging = container.get("logConfiguration", {})
    options = logging.get("options", {})
    if logging.get("logDriver") != "awslogs" or "awslogs-group" not in options:
        return None
    region, account = task.task_arn.split(":")[3:5]
    logs = logs_backends[account][options.get("awslogs-region", region)]
    name = options["awslogs-group"]
    if name not in logs.groups:
        if options.get("awslogs-create-group") != "true":
            return None
        logs.create_log_group(name, {})
    prefix = options.get("awslogs-stream-prefix")
    own = f"{prefix}/{container['name']}/{task.id}" if prefix else task.id
    group = logs.groups[name]
    if own not in group.streams:
        group.streams[own] = LogStream(group, own)
        group.streams[own].creation_time = _naive(at)
    return group.streams[own]


def _naive(at: float) -> datetime:
    """Return the date as moto keeps dates: UTC, without saying so."""
    return current().clock.date(at).replace(tzinfo=None)
