"""API calls as events: sent if a trail of the account logs management events that write in the region.

They come some time after the call, sooner than event history shows it (K). Event history without a trail
sends nothing (EventBridge user guide, "AWS service events delivered via CloudTrail"). IAM's
are in us-east-1, as their records are.
"""

import json
from typing import Any

from moto.cloudtrail import cloudtrail_backends
from moto.core.responses import BaseResponse
from moto.events import events_backends

from reconciler.sandbox.chance import draw
from reconciler.sandbox.eventbridge.delivery import has_rules, put_event
from reconciler.sandbox.world import current, wrap

SHARE = 1 / 3  # of the time after which event history shows a call, until its event is sent


def install() -> None:
    wrap(BaseResponse, "call_action", _send_due)


def tell_call(account: str, region: str, service: str, record: str) -> None:
    """Have a recorded call sent as an event in time, given boto3's name of its service and its record."""
    if not has_rules(account, region) or not is_logged(account, region):
        return
    delay = current().profile.trail_delay * SHARE
    now = current().clock.now()
    due = now + (delay * (0.5 + draw("trail event", service) / 2) if delay else 0)
    _waiting(account, region).append((due, now, f"aws.{service}", record))


def is_logged(account: str, region: str) -> bool:
    """Tell whether a trail that is logging has the management events of a region that write."""
    for _, home, backend in list(cloudtrail_backends.iter_backends()):
        for trail in backend.trails.values() if backend.account_id == account else ():
            reaches = home == region or trail.is_multi_region
            if reaches and trail.status.is_logging and _selects_writes(trail):
                return True
    return False


def _selects_writes(trail: Any) -> bool:
    plain = any(
        s.get("IncludeManagementEvents", True) and s.get("ReadWriteType", "All") != "ReadOnly"
        for s in trail.event_selectors or ()
    )
    return plain or any(_selects(s.get("FieldSelectors", ())) for s in trail.advanced_event_selectors or ())


def _selects(fields: Any) -> bool:
    found = {field["Field"]: field.get("Equals", []) for field in fields}
    return "Management" in found.get("eventCategory", ()) and "false" in found.get("readOnly", ["false"])


def _waiting(account: str, region: str) -> list[tuple[float, float, str, str]]:
    bus = events_backends[account][region].event_buses["default"]
    found: list[tuple[float, float, str, str]] = bus.__dict__.setdefault("waiting_calls", [])
    return found


def _send_due(original: Any, response: Any) -> Any:
    """Send what is due before a call is answered that may show it."""
    if response.boto3_service_name in ("sqs", "events", "logs"):
        send_due(response.current_account, response.region)
    return original(response)


def send_due(account: str, region: str) -> None:
    """Send the events whose time has come."""
    waiting, now = _waiting(account, region), current().clock.now()
    due = [each for each in waiting if each[0] <= now]
    waiting[:] = [each for each in waiting if each[0] > now]
    for _, at, source, record in due:
        put_event(account, region, source, "AWS API Call via CloudTrail", [], json.loads(record), at)
