"""Trails, as far as they say which events leave CloudTrail: EventBridge has those that a trail logs.

A bucket of any name is taken for one that is there, as the server serves no S3.
"""

import json
from typing import Any

from moto.cloudtrail.models import Trail
from moto.cloudtrail.responses import CloudTrailResponse

from reconciler.sandbox.world import wrap

# What a new trail logs (CloudTrail API reference, GetEventSelectors).
_FIRST = {
    "ReadWriteType": "All",
    "IncludeManagementEvents": True,
    "DataResources": [],
    "ExcludeManagementEventSources": [],
}


def install() -> None:
    wrap(Trail, "check_bucket_exists", _allow)
    wrap(Trail, "__init__", _select_all)
    wrap(CloudTrailResponse, "get_event_selectors", _tell_selectors)


def _allow(_original: Any, _trail: Any) -> None:
    """Let the bucket be there."""


def _select_all(original: Any, trail: Any, *args: Any, **kwargs: Any) -> None:
    original(trail, *args, **kwargs)
    trail.event_selectors = [dict(_FIRST)]


def _tell_selectors(original: Any, response: Any) -> Any:
    """Tell only the kind of selectors that the trail has."""
    told = json.loads(original(response))
    return json.dumps({name: value for name, value in told.items() if value})
