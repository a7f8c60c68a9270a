"""Targets that EventBridge does not take or remove, though it answers with success: `FailedEntries`.

This happens "if too many requests are made at the same time" (EventBridge API reference, PutTargets and
RemoveTargets). It comes at the profile's rate of throttling, or by the header of the faults.
"""

import json
from typing import Any

from moto.events.responses import EventsHandler

from reconciler.sandbox.chance import draw
from reconciler.sandbox.faults.answers import FAULT_HEADER
from reconciler.sandbox.world import current, wrap

BUSY = "ConcurrentModificationException"  # the one code that the API reference names


def install() -> None:
    wrap(EventsHandler, "put_targets", _put_targets)
    wrap(EventsHandler, "remove_targets", _remove_targets)


def _put_targets(original: Any, response: Any) -> Any:
    ids = [target["Id"] for target in response._get_param("Targets") or ()]
    return _refuse(response, ids) if _is_refused(response, "PutTargets") else original(response)


def _remove_targets(original: Any, response: Any) -> Any:
    ids = response._get_param("Ids") or ()
    return _refuse(response, ids) if _is_refused(response, "RemoveTargets") else original(response)


def _is_refused(response: Any, operation: str) -> bool:
    rate = current().profile.throttled
    by_chance = rate and draw("entries", operation) < rate
    return bool(response.headers.get(FAULT_HEADER) == "entries" or by_chance)


def _refuse(response: Any, ids: Any) -> tuple[str, dict[str, Any]]:
    message = "Too many requests were made at the same time."
    failed = [{"TargetId": own_id, "ErrorCode": BUSY, "ErrorMessage": message} for own_id in ids]
    answer = {"FailedEntryCount": len(failed), "FailedEntries": failed}
    return json.dumps(answer), response.response_headers
