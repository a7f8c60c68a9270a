"""Alarms: their state and tags, which an update leaves alone, and how they are listed."""

from typing import Any

from moto.cloudwatch.exceptions import InvalidParameterValue, ResourceNotFound, ResourceNotFoundException
from moto.cloudwatch.models import CloudWatchBackend
from moto.cloudwatch.responses import CloudWatchResponse

from reconciler.sandbox.constraints.services import sent_parameters
from reconciler.sandbox.refusal import Refusal
from reconciler.sandbox.world import wrap

MAX_TAGS = 50
_FILTERS = ("AlarmNamePrefix", "ActionPrefix", "ChildrenOfAlarmName", "ParentsOfAlarmName")


def install() -> None:
    wrap(CloudWatchBackend, "put_metric_alarm", _put)
    wrap(CloudWatchBackend, "delete_alarms", _delete)
    wrap(CloudWatchBackend, "set_alarm_state", _set_state)
    wrap(CloudWatchResponse, "describe_alarms", _describe)
    for name in ("list_tags_for_resource", "tag_resource", "untag_resource"):
        wrap(CloudWatchBackend, name, _check_resource)


def _put(original: Any, cloudwatch: Any, name: str, *args: Any, **kwargs: Any) -> Any:
    """Make an alarm, whose state is INSUFFICIENT_DATA, or replace all of one but its state and tags."""
    before = cloudwatch.alarms.get(name)
    if before is not None:
        kwargs["tags"] = None
    alarm = original(cloudwatch, name, *args, **kwargs)
    alarm.state_value = before.state_value if before else "INSUFFICIENT_DATA"
    alarm.state_reason = before.state_reason if before else "Unchecked: Initial alarm creation"
    return alarm


def _delete(original: Any, cloudwatch: Any, alarm_names: list[str]) -> Any:
    for name in alarm_names:
        if name in cloudwatch.alarms:
            cloudwatch.tagger.delete_all_tags_for_resource(cloudwatch.alarms[name].alarm_arn)
    return original(cloudwatch, alarm_names)


def _set_state(original: Any, cloudwatch: Any, alarm_name: str, *args: Any) -> Any:
    if alarm_name not in cloudwatch.alarms:
        raise ResourceNotFound(f"Could not find the alarm {alarm_name}")
    return original(cloudwatch, alarm_name, *args)


def _describe(original: Any, response: Any) -> Any:
    """Describe alarms; composite ones only if they are asked for."""
    sent = sent_parameters(response)
    for name in _FILTERS:
        if sent.get(name) and sent.get("AlarmNames"):
            raise Refusal("ValidationError", f"AlarmNames and {name} exclude each other")
    answer = original(response)
    kinds, state = sent.get("AlarmTypes", ["MetricAlarm"]), sent.get("StateValue")
    for kind in ("MetricAlarm", "CompositeAlarm"):
        found = answer.result[f"{kind}s"] if kind in kinds else []
        answer.result[f"{kind}s"] = [alarm for alarm in found if state in (None, alarm.state_value)]
    return answer


def _check_resource(original: Any, cloudwatch: Any, arn: str, *args: Any, **kwargs: Any) -> Any:
    """Refuse what is no ARN of CloudWatch, and alarms that are absent; dashboards are known elsewhere."""
    if not arn.startswith("arn:") or ":cloudwatch:" not in arn:
        raise InvalidParameterValue(f"Invalid ARN: {arn}")
    alarms = {alarm.alarm_arn for alarm in cloudwatch.alarms.values()}
    if ":dashboard/" not in arn and arn not in alarms:
        raise ResourceNotFoundException(f"The resource {arn} does not exist.")
    sent = kwargs.get("tags") or (args[0] if args and isinstance(args[0], dict) else {})
    if len({*cloudwatch.tagger.get_tag_dict_for_resource(arn), *sent}) > MAX_TAGS:
        raise InvalidParameterValue(f"A resource has no more than {MAX_TAGS} tags.")
    return original(cloudwatch, arn, *args, **kwargs)
