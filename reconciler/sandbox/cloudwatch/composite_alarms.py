"""Composite alarms: their rules name present alarms, and they go before those (CloudWatch API reference)."""

import re
from typing import Any

from moto.cloudwatch.exceptions import ValidationError
from moto.cloudwatch.models import CloudWatchBackend
from moto.cloudwatch.responses import CloudWatchResponse
from moto.core.responses import EmptyResult

from reconciler.sandbox.constraints.services import sent_parameters
from reconciler.sandbox.world import add, wrap

_STATE = re.compile(r"(?:ALARM|OK|INSUFFICIENT_DATA)\(\s*\"?(?P<alarm>[^\")]+?)\"?\s*\)")
_WORD = re.compile(r"(AND|OR|NOT|TRUE|FALSE|[()]|\s)*")

_OF_A_METRIC = (
    "namespace",
    "metric_name",
    "comparison_operator",
    "evaluation_periods",
    "period",
    "threshold",
    "statistic",
)


def install() -> None:
    add(CloudWatchResponse, "put_composite_alarm", _put)
    wrap(CloudWatchBackend, "delete_alarms", _delete)


def _put(response: Any) -> EmptyResult:
    """Make a composite alarm, or replace one. The state of its children does not change its own here."""
    sent, cloudwatch = sent_parameters(response), response.cloudwatch_backend
    rule = sent["AlarmRule"]
    if not _WORD.fullmatch(_STATE.sub(" ", rule)):
        raise ValidationError(f"AlarmRule is not valid: {rule}")
    absent = sorted(_children(rule) - {*cloudwatch.alarms})
    if absent:
        message = (
            f"Could not save the composite alarm as alarms [{', '.join(absent)}] in the alarm rule do not exist"
        )
        raise ValidationError(message)
    alarm = cloudwatch.put_metric_alarm(
        name=sent["AlarmName"],
        **dict.fromkeys(_OF_A_METRIC),
        description=sent.get("AlarmDescription"),
        dimensions=[],
        alarm_actions=sent.get("AlarmActions", []),
        ok_actions=sent.get("OKActions", []),
        insufficient_data_actions=sent.get("InsufficientDataActions", []),
        actions_enabled=sent.get("ActionsEnabled", True),
        rule=rule,
        tags=sent.get("Tags"),
    )
    alarm.alarm_rule = rule
    return EmptyResult()


def _children(rule: str) -> set[str]:
    """Return the names of the alarms that a rule names, by name or by ARN."""
    return {match["alarm"].rpartition(":alarm:")[2] for match in _STATE.finditer(rule)}


def _delete(original: Any, cloudwatch: Any, alarm_names: list[str]) -> Any:
    """Delete alarms on which no other alarm depends (cloud-custodian#7763); one composite alarm a call."""
    composite = {name: alarm for name, alarm in cloudwatch.alarms.items() if alarm.rule}
    if len({*alarm_names} & {*composite}) > 1:
        raise ValidationError("Only one composite alarm can be deleted in a call.")
    others = (alarm for name, alarm in composite.items() if name not in alarm_names)
    used = sorted({child for alarm in others for child in _children(alarm.rule)} & {*alarm_names})
    if used:
        them = "it" if len(used) == 1 else "them"
        message = f"Cannot delete {','.join(used)} as there are composite alarm(s) depending on {them}."
        raise ValidationError(message)
    return original(cloudwatch, alarm_names)
