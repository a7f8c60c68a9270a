"""PutLogEvents tells which events were too old or too new to be kept."""

from datetime import timedelta
from typing import Any

from moto.core.utils import unix_time_millis, utcnow
from moto.logs.models import LogsBackend

from reconciler.sandbox.world import wrap

MOST_AGE = timedelta(days=14)  # CloudWatch Logs API reference, PutLogEvents
MOST_AHEAD = timedelta(hours=2)


def install() -> None:
    wrap(LogsBackend, "put_log_events", _put)


def _put(original: Any, logs: Any, *args: Any, **kwargs: Any) -> tuple[str, dict[str, int]]:
    """Put the events, and tell the end of the old ones (exclusive) and the first of the new ones.

    (CloudWatch Logs API reference, RejectedLogEventsInfo.)
    """
    token, rejected = original(logs, *args, **kwargs)
    if not rejected:
        return token, rejected
    times = [event["timestamp"] for event in (kwargs.get("log_events") or args[-1])]
    old, new = (unix_time_millis(utcnow() + span) for span in (-MOST_AGE, MOST_AHEAD))
    told = {}
    if "tooOldLogEventEndIndex" in rejected:
        told["tooOldLogEventEndIndex"] = sum(time < old for time in times)
    if "tooNewLogEventStartIndex" in rejected:
        told["tooNewLogEventStartIndex"] = sum(time <= new for time in times)
    return token, told
