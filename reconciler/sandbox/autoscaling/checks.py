"""What Application Auto Scaling refuses beyond the values of single parameters, for every kind of call."""

import re
from collections.abc import Mapping
from typing import Any

from moto.applicationautoscaling.responses import ApplicationAutoScalingResponse

from reconciler.sandbox.autoscaling.answers import refuse
from reconciler.sandbox.autoscaling.tags import tags_of
from reconciler.sandbox.constraints.services import sent_parameters
from reconciler.sandbox.world import wrap

MAX_TAGS = 50
_CALLS = (
    "register_scalable_target",
    "deregister_scalable_target",
    "put_scaling_policy",
    "delete_scaling_policy",
    "put_scheduled_action",
    "delete_scheduled_action",
)
_DESCRIBES = (
    "describe_scalable_targets",
    "describe_scaling_policies",
    "describe_scheduled_actions",
    "describe_scaling_activities",
)
_SERVICE = re.compile(r"service/[^/]+/[^/]+")


def install() -> None:
    for action in _CALLS:
        wrap(ApplicationAutoScalingResponse, action, _check_target)
    for action in _DESCRIBES:
        wrap(ApplicationAutoScalingResponse, action, _check_filters)
    wrap(ApplicationAutoScalingResponse, "register_scalable_target", _check_capacities)
    wrap(ApplicationAutoScalingResponse, "tag_resource", _check_tags)


def _check_target(original: Any, response: Any) -> Any:
    sent = sent_parameters(response)
    namespace, dimension = sent["ServiceNamespace"], sent["ScalableDimension"]
    mismatched = dimension.partition(":")[0] != namespace
    if mismatched or (namespace == "ecs" and not _SERVICE.fullmatch(sent["ResourceId"])):
        raise refuse(
            "ValidationException", "Unsupported service namespace, resource type or scalable dimension"
        )
    return original(response)


def _check_filters(original: Any, response: Any) -> Any:
    sent = sent_parameters(response)
    if sent.get("ScalableDimension") and not (sent.get("ResourceId") or sent.get("ResourceIds")):
        message = "If you specify a scalable dimension, you must also specify a resource ID."
        raise refuse("ValidationException", message)
    return original(response)


def _check_capacities(original: Any, response: Any) -> Any:
    sent = sent_parameters(response)
    check_capacities(sent)
    if len(sent.get("Tags") or ()) > MAX_TAGS:
        raise refuse("ValidationException", f"A scalable target has no more than {MAX_TAGS} tags.")
    return original(response)


def check_capacities(sent: Mapping[str, Any]) -> None:
    """Refuse a smallest or largest capacity below zero, and a smallest above the largest."""
    low, high = sent.get("MinCapacity"), sent.get("MaxCapacity")
    for name, value in (("Minimum", low), ("Maximum", high)):
        if value is not None and value < 0:
            raise refuse("ValidationException", f"{name} capacity cannot be less than 0")
    if low is not None and high is not None and low > high:
        raise refuse("ValidationException", "Maximum capacity cannot be less than minimum capacity")


def _check_tags(original: Any, response: Any) -> Any:
    if len({*tags_of(response), *sent_parameters(response)["Tags"]}) > MAX_TAGS:
        raise refuse("TooManyTagsException", f"A scalable target has no more than {MAX_TAGS} tags.")
    return original(response)
