"""Scheduled actions: of a registered target, with a valid schedule, listed by name."""

from typing import Any
from zoneinfo import ZoneInfo

from moto.applicationautoscaling.models import ApplicationAutoscalingBackend, FakeScheduledAction
from moto.applicationautoscaling.responses import ApplicationAutoScalingResponse, _build_scheduled_action
from moto.moto_api._internal import mock_random

from reconciler.sandbox.autoscaling.answers import page, refuse
from reconciler.sandbox.autoscaling.checks import check_capacities
from reconciler.sandbox.autoscaling.schedules import is_schedule
from reconciler.sandbox.autoscaling.targets import drop_targets_of_deleted_services, get_target
from reconciler.sandbox.constraints.services import sent_parameters
from reconciler.sandbox.world import add, wrap


def install() -> None:
    wrap(ApplicationAutoScalingResponse, "put_scheduled_action", _put)
    wrap(ApplicationAutoscalingBackend, "delete_scheduled_action", _delete)
    add(ApplicationAutoScalingResponse, "describe_scheduled_actions", _describe)
    wrap(FakeScheduledAction, "__init__", _name)


def _name(original: Any, action: Any, *args: Any, **kwargs: Any) -> None:
    """Give an action its ARN (Application Auto Scaling API reference, ScheduledAction)."""
    original(action, *args, **kwargs)
    account = action.arn.partition(":scheduledAction:")[0]
    resource = f"resource/{action.service_namespace}/{action.resource_id}"
    name = f"scheduledActionName/{action.scheduled_action_name}"
    action.arn = f"{account}:scheduledAction:{mock_random.uuid4()}:{resource}:{name}"


def _put(original: Any, response: Any) -> Any:
    sent = sent_parameters(response)
    scaling = response.applicationautoscaling_backend
    get_target(scaling, sent["ServiceNamespace"], sent["ResourceId"], sent["ScalableDimension"])
    key = tuple(sent[part] for part in ("ResourceId", "ScalableDimension", "ScheduledActionName"))
    present = any(
        (action.resource_id, action.scalable_dimension, action.scheduled_action_name) == key
        for action in scaling.scheduled_actions
    )
    if problem := _find_problem(sent, present):
        raise refuse("ValidationException", problem)
    check_capacities(sent.get("ScalableTargetAction") or {})
    return original(response)


def _find_problem(sent: Any, present: bool) -> str | None:
    """Return what is wrong with a new action, or with the change of a present one, if something is."""
    schedule, start, end = (sent.get(key) for key in ("Schedule", "StartTime", "EndTime"))
    if schedule is None and not present:
        return "Schedule is required for a new scheduled action."
    if schedule is not None and not is_schedule(schedule):
        return f"The schedule is not valid: {schedule}"
    if not sent.get("ScalableTargetAction") and not present:
        return "MinCapacity or MaxCapacity is required for a new scheduled action."
    if start and end and start >= end:
        return "StartTime must be before EndTime."
    if sent.get("Timezone") and not _is_zone(sent["Timezone"]):
        return f"The time zone is not valid: {sent['Timezone']}"
    return None


def _is_zone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (ValueError, OSError, KeyError):  # ZoneInfoNotFoundError is a KeyError
        return False
    return True


def _delete(
    original: Any,
    scaling: Any,
    service_namespace: str,
    scheduled_action_name: str,
    resource_id: str,
    scalable_dimension: str,
) -> Any:
    drop_targets_of_deleted_services(scaling)
    wanted = (scheduled_action_name, resource_id, scalable_dimension)
    if all(
        (action.scheduled_action_name, action.resource_id, action.scalable_dimension) != wanted
        for action in scaling.scheduled_actions
    ):
        message = (
            f"No scheduled action found for service namespace: {service_namespace}, resource ID: {resource_id}"
        )
        raise refuse("ObjectNotFoundException", f"{message}, scheduled action name: {scheduled_action_name}")
    return original(scaling, service_namespace, scheduled_action_name, resource_id, scalable_dimension)


def _describe(response: Any) -> str:
    """Tell the actions, sorted by name (recorded)."""
    sent = sent_parameters(response)
    scaling = response.applicationautoscaling_backend
    drop_targets_of_deleted_services(scaling)
    found = scaling.describe_scheduled_actions(
        sent.get("ScheduledActionNames"),
        sent["ServiceNamespace"],
        sent.get("ResourceId"),
        sent.get("ScalableDimension"),
    )
    told = [_build_scheduled_action(action) for action in found]
    ordered = sorted(told, key=lambda action: str(action["ScheduledActionName"]))
    present = [{key: value for key, value in action.items() if value is not None} for action in ordered]
    return page(response, "ScheduledActions", present)
