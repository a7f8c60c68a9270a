"""FilterLogEvents, which `aws logs tail` calls: by name or ARN of the group, by names or prefix of streams."""

import json
from typing import Any

from moto.logs.exceptions import InvalidParameterException, ResourceNotFoundException
from moto.logs.responses import LogsResponse

from reconciler.sandbox.world import add

MOST_EVENTS = 10_000  # of a page (CloudWatch Logs API reference, FilterLogEvents)


def install() -> None:
    add(LogsResponse, "filter_log_events", filter_log_events)


def filter_log_events(response: Any) -> str:
    """Answer with the events of the wanted streams in order of time (`interleaved` is ignored)."""
    sent = json.loads(response.body)
    limit = sent.get("limit", MOST_EVENTS)
    if not 1 <= limit <= MOST_EVENTS:
        raise InvalidParameterException(msg=f"limit must be between 1 and {MOST_EVENTS}.")
    group = _find_group(response.logs_backend, sent)
    streams = _find_streams(group, sent)
    events, token = [], None
    if streams:
        events, token, _ = response.logs_backend.filter_log_events(
            group.name,
            streams,
            sent.get("startTime"),
            sent.get("endTime"),
            limit,
            sent.get("nextToken"),
            sent.get("filterPattern"),
            interleaved=True,
        )
    more = {"nextToken": token} if token else {}
    return json.dumps({"events": events, "searchedLogStreams": []} | more)


def _find_group(logs: Any, sent: dict[str, Any]) -> Any:
    name, identifier = sent.get("logGroupName"), sent.get("logGroupIdentifier")
    if (name is None) == (identifier is None):
        raise InvalidParameterException(msg="Specify either logGroupName or logGroupIdentifier.")
    found = logs.groups.get(name or str(identifier).rpartition(":log-group:")[2].removesuffix(":*"))
    if found is None:
        raise ResourceNotFoundException("The specified log group does not exist.")
    return found


def _find_streams(group: Any, sent: dict[str, Any]) -> list[str]:
    names, prefix = sent.get("logStreamNames"), sent.get("logStreamNamePrefix")
    if names and prefix is not None:
        raise InvalidParameterException(msg="logStreamNames and logStreamNamePrefix exclude each other.")
    if any(name not in group.streams for name in names or ()):
        raise ResourceNotFoundException("The specified log stream does not exist.")
    return names or [name for name in group.streams if name.startswith(prefix or "")]
