"""Schedules: what AWS refuses of them, and its defaults. (Scheduler API reference.)"""

from typing import Any

from moto.scheduler.models import EventBridgeSchedulerBackend, Schedule

from reconciler.sandbox.refusal import Refusal
from reconciler.sandbox.scheduler.checks import check_schedule
from reconciler.sandbox.scheduler.groups import find_group, is_deleting
from reconciler.sandbox.scheduler.moments import plan_next
from reconciler.sandbox.world import wrap

RETRY = {"MaximumEventAgeInSeconds": 86_400, "MaximumRetryAttempts": 185}


def install() -> None:
    wrap(EventBridgeSchedulerBackend, "create_schedule", _create)
    wrap(EventBridgeSchedulerBackend, "update_schedule", _update)
    wrap(Schedule, "to_dict", _tell)


def _create(original: Any, scheduler: Any, **sent: Any) -> Any:
    group = find_group(scheduler, sent["group_name"])
    if is_deleting(group):
        raise Refusal("ConflictException", f"Schedule group {group.name} is being deleted.")
    check_schedule(scheduler, sent)
    if sent["name"] in group.schedules:
        raise Refusal("ConflictException", f"Schedule {sent['name']} already exists.")
    schedule = original(scheduler, **sent)
    plan_next(schedule)
    return schedule


def _update(original: Any, scheduler: Any, **sent: Any) -> Any:
    """Replace all of a schedule: what is not sent gets its default."""
    scheduler.get_schedule(sent["group_name"], sent["name"])
    check_schedule(scheduler, sent)
    schedule = original(scheduler, **{**sent, "state": sent["state"] or "ENABLED"})
    plan_next(schedule)
    return schedule


def _tell(original: Any, schedule: Schedule, **form: Any) -> dict[str, Any]:
    """Tell it with AWS's defaults: ActionAfterCompletion reads NONE where none was sent, as recorded."""
    told: dict[str, Any] = original(schedule, **form)
    if "RetryPolicy" in told["Target"]:
        told["Target"] = {**told["Target"], "RetryPolicy": RETRY | told["Target"]["RetryPolicy"]}
    if "EcsParameters" in told["Target"]:
        task = {"TaskCount": 1, **told["Target"]["EcsParameters"]}
        told["Target"] = {**told["Target"], "EcsParameters": task}
    told = told | {"ActionAfterCompletion": told["ActionAfterCompletion"] or "NONE"}
    return {name: value for name, value in told.items() if value is not None}
