"""What Scheduler refuses of a schedule. Whether its target is there it asks only when it starts it."""

import json
import re
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from moto.iam import iam_backends

from reconciler.sandbox.authorization.conditions import is_met
from reconciler.sandbox.authorization.documents import read_document
from reconciler.sandbox.authorization.patterns import Keys
from reconciler.sandbox.autoscaling.schedules import is_schedule
from reconciler.sandbox.refusal import Refusal
from reconciler.sandbox.world import current

PRINCIPAL = "scheduler.amazonaws.com"
LONGEST_WINDOW = 1440  # minutes
AGES, TRIES = range(60, 86_401), range(186)
DEFINITION = re.compile(r"arn:[\w-]+:ecs:[\w-]+:\d{12}:task-definition/[\w-]+(:\d+)?")
QUEUE = re.compile(r"arn:[\w-]+:sqs:[\w-]+:\d{12}:[\w-]+")  # a standard one


def check_schedule(scheduler: Any, sent: dict[str, Any]) -> None:
    """Refuse a schedule that AWS refuses."""
    if not is_schedule(sent["schedule_expression"]):
        raise _invalid(f"Invalid Schedule Expression {sent['schedule_expression']}.")
    _check_zone(sent["schedule_expression_timezone"])
    _check_window(sent["flexible_time_window"] or {})
    _check_target(sent["target"])
    arn = sent["target"]["RoleArn"]
    if not may_assume(scheduler, arn, sent["group_name"] or "default"):
        raise _invalid(
            "The execution role you provide must allow AWS EventBridge Scheduler to assume the role."
        )


def _check_zone(name: str | None) -> None:
    try:
        ZoneInfo(name or "UTC")
    except (ZoneInfoNotFoundError, ValueError):
        raise _invalid("The ScheduleExpressionTimezone is not valid.") from None


def _check_window(window: dict[str, Any]) -> None:
    minutes = window.get("MaximumWindowInMinutes")
    match window.get("Mode"):
        case "FLEXIBLE":
            if not 1 <= (minutes or 0) <= LONGEST_WINDOW:
                raise _invalid("MaximumWindowInMinutes must be provided for a FLEXIBLE time window.")
        case "OFF":
            if minutes is not None:
                raise _invalid("MaximumWindowInMinutes can be provided only for a FLEXIBLE time window.")
        case _:
            raise _invalid("FlexibleTimeWindow has no Mode.")


def _check_target(target: dict[str, Any]) -> None:
    task, retry = target.get("EcsParameters"), target.get("RetryPolicy", {})
    if ":ecs:" in target["Arn"] and ":cluster/" in target["Arn"]:
        if task is None:
            raise _invalid("EcsParameters must be provided for an ECS target.")
        if not DEFINITION.fullmatch(task.get("TaskDefinitionArn", "")):
            raise _invalid("TaskDefinitionArn is not the ARN of a task definition.")
    if retry.get("MaximumEventAgeInSeconds", 60) not in AGES:
        raise _invalid("MaximumEventAgeInSeconds must be between 60 and 86400.")
    if retry.get("MaximumRetryAttempts", 0) not in TRIES:
        raise _invalid("MaximumRetryAttempts must be between 0 and 185.")
    if "DeadLetterConfig" in target and not QUEUE.fullmatch(target["DeadLetterConfig"].get("Arn", "")):
        raise _invalid("DeadLetterConfig has no ARN of a standard queue.")
    if "Input" in target and not _is_json(target["Input"]):
        raise _invalid("Input is not JSON.")


def _is_json(text: str) -> bool:
    try:
        json.loads(text)
    except ValueError:
        return False
    return True


def may_assume(scheduler: Any, arn: str, group: str) -> bool:
    """Tell whether Scheduler can have the role for a schedule of this group: it is in force, and trusts it."""
    _, partition, _, _, account, _ = arn.split(":", 5)
    roles = iam_backends[account][partition].roles.values()
    role = next((role for role in roles if role.arn == arn), None)
    if role is None or getattr(role, "known_at", 0) > current().clock.now():
        return False
    home = f"arn:{partition}:scheduler:{scheduler.region_name}:{scheduler.account_id}"
    keys = {"aws:sourcearn": f"{home}:schedule-group/{group}", "aws:sourceaccount": scheduler.account_id}
    return trusts(role, PRINCIPAL, {name: (value,) for name, value in keys.items()})


def trusts(role: Any, service: str, keys: Keys) -> bool:
    """Tell whether a role's trust policy lets an AWS service assume it, in this context."""
    effects = {
        statement.allows
        for statement in read_document(role.assume_role_policy_document)
        if any(kind == "Service" and value in (service, "*") for kind, value in statement.principals)
        and any(action.lower() in ("sts:assumerole", "sts:*", "*") for action in statement.actions)
        and all(is_met(condition, keys) for condition in statement.conditions)
    }
    return effects == {True}


def _invalid(message: str) -> Refusal:
    return Refusal("ValidationException", message)
