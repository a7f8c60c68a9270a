"""Schedules start tasks by RunTask in their role, when the clock says so. What fails goes to their queue."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from moto.core.exceptions import JsonRESTError, ServiceException
from moto.ecs import ecs_backends
from moto.scheduler import scheduler_backends

from reconciler.sandbox.authorization.call import Call
from reconciler.sandbox.authorization.calls import judge
from reconciler.sandbox.callers import caller_in_role
from reconciler.sandbox.ecs.model import Failure
from reconciler.sandbox.ecs.run_task import run_task
from reconciler.sandbox.scheduler.checks import may_assume
from reconciler.sandbox.scheduler.letters import Letter, send_letter
from reconciler.sandbox.scheduler.moments import take_due
from reconciler.sandbox.world import current

LASTS = 30  # seconds of a round of the program, of which the embedded AWS runs nothing
ENDED = "Essential container in task exited"


@dataclass(frozen=True)
class Start:
    """What RunTask is asked for, as moto's response would have it."""

    ecs_backend: Any
    sent: dict[str, Any]

    def _get_params(self) -> dict[str, Any]:
        return self.sent


class StartFailed(Exception):
    """Raised if the role or RunTask refuses a start."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code, self.message = code, message


def start_due_tasks() -> None:
    """Start what the schedules of every account and region are due to start."""
    now = current().clock.now()
    for _, _, scheduler in list(scheduler_backends.iter_backends()):
        for group in list(scheduler.schedule_groups.values()):
            for schedule in list(group.schedules.values()):
                due = take_due(schedule, now)
                if due is not None and "EcsParameters" in schedule.target:
                    _start(scheduler, schedule, due)


def _start(scheduler: Any, schedule: Any, due: float) -> None:
    try:
        tasks = _run(scheduler, schedule)
    except StartFailed as failed:
        send_letter(schedule, Letter(failed.code, failed.message, due))
        return
    for task in tasks:
        if task.failure is None:
            name = task.definition.container_definitions[0]["name"]
            ends = task.running + LASTS
            task.failure = Failure(ends, "EssentialContainerExited", ENDED, name, exit_code=0)


def _run(scheduler: Any, schedule: Any) -> list[Any]:
    """Ask for the tasks in the schedule's role, and return them."""
    target = schedule.target
    if not may_assume(scheduler, target["RoleArn"], schedule.group_name):
        raise StartFailed("AccessDeniedException", "The execution role can not be assumed.")
    sent = encode_run(schedule)
    _, partition, _, region, account, _ = target["Arn"].split(":", 5)
    call = Call("ecs", "RunTask", sent, account, partition, region)
    if refused := judge(caller_in_role(target["RoleArn"], schedule.name), call):
        raise StartFailed(refused.code, refused.message)
    ecs = ecs_backends[account][region]
    before = {arn for tasks in ecs.tasks.values() for arn in tasks}
    try:
        run_task(Start(ecs, sent))
    except ServiceException as error:
        raise StartFailed(str(error.code), str(error.message)) from error
    except JsonRESTError as error:
        raise StartFailed(error.error_type, error.message) from error
    return [task for tasks in ecs.tasks.values() for arn, task in tasks.items() if arn not in before]


def encode_run(schedule: Any) -> dict[str, Any]:
    """Return the parameters of RunTask that a schedule's target means."""
    target, task = schedule.target, schedule.target["EcsParameters"]
    network = task.get("NetworkConfiguration", {}).get("awsvpcConfiguration", {})
    names = {"Subnets": "subnets", "SecurityGroups": "securityGroups", "AssignPublicIp": "assignPublicIp"}
    kept = {
        "LaunchType": "launchType",
        "PlatformVersion": "platformVersion",
        "Group": "group",
        "PropagateTags": "propagateTags",
        "EnableECSManagedTags": "enableECSManagedTags",
        "EnableExecuteCommand": "enableExecuteCommand",
    }
    sent: dict[str, Any] = {
        "cluster": target["Arn"],
        "taskDefinition": _without_region(task["TaskDefinitionArn"]),
        "count": task.get("TaskCount", 1),
        "startedBy": f"chronos-schedule/{schedule.name}",
        **{own: task[name] for name, own in kept.items() if task.get(name) is not None},
    }
    if network:
        own = {own: network[name] for name, own in names.items() if name in network}
        sent["networkConfiguration"] = {"awsvpcConfiguration": own}
    return sent | _overrides(target)


def _overrides(target: Mapping[str, Any]) -> dict[str, Any]:
    return {"overrides": json.loads(target["Input"])} if target.get("Input") else {}


def _without_region(arn: str) -> str:
    """Return `family` or `family:revision`."""
    return arn.rpartition("/")[2]
