"""Scaling activities: the changes of count by which a target comes into its range. Nothing else scales here."""

from typing import Any

from moto.applicationautoscaling.responses import ApplicationAutoScalingResponse
from moto.moto_api._internal import mock_random

from reconciler.sandbox.autoscaling.answers import page
from reconciler.sandbox.world import add, current


def install() -> None:
    add(ApplicationAutoScalingResponse, "describe_scaling_activities", _describe)


def record_activity(scaling: Any, target: Any, count: int, cause: str) -> None:
    """Record that the count of a target was set, in the form of the API reference's examples."""
    now = current().clock.date(current().clock.now()).timestamp()
    activity = {
        "ActivityId": str(mock_random.uuid4()),
        "ServiceNamespace": target.service_namespace,
        "ResourceId": target.resource_id,
        "ScalableDimension": target.scalable_dimension,
        "Description": f"Setting desired count to {count}.",
        "Cause": cause,
        "StartTime": now,
        "EndTime": now,
        "StatusCode": "Successful",
        "StatusMessage": f"Successfully set desired count to {count}. Change successfully fulfilled by ecs.",
    }
    scaling.__dict__.setdefault("activities", []).insert(0, activity)


def _describe(response: Any) -> str:
    """Tell the activities from the latest on."""
    asked = {
        name: response._get_param(name) for name in ("ServiceNamespace", "ResourceId", "ScalableDimension")
    }
    activities = response.applicationautoscaling_backend.__dict__.get("activities", [])
    found = [a for a in activities if all(value in (None, a[name]) for name, value in asked.items())]
    return page(response, "ScalingActivities", found)
