"""Scaling activities, of which there are none: nothing scales in the embedded AWS."""

from typing import Any

from moto.applicationautoscaling.responses import ApplicationAutoScalingResponse

from reconciler.sandbox.autoscaling.answers import page
from reconciler.sandbox.world import add


def install() -> None:
    add(ApplicationAutoScalingResponse, "describe_scaling_activities", _describe)


def _describe(response: Any) -> str:
    return page(response, "ScalingActivities", [])
