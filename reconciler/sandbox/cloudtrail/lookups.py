"""LookupEvents: one attribute with an exact value, 50 events a page, 90 days, newest first.

(CloudTrail API reference.) What it refuses has the codes of the model; their words are not documented.
"""

import json
from base64 import urlsafe_b64encode
from collections.abc import Callable, Mapping
from hashlib import sha256
from typing import Any

from moto.cloudtrail.responses import CloudTrailResponse

from reconciler.sandbox.cloudtrail.events import Event, history_of
from reconciler.sandbox.refusal import Refusal
from reconciler.sandbox.world import add, current

PAGE = 50
KEPT_FOR = 90 * 24 * 3600  # seconds
_ASKED = ("LookupAttributes", "StartTime", "EndTime", "MaxResults")
_TESTS: Mapping[str, Callable[[Event, str], bool]] = {
    "EventId": lambda event, value: event.id == value,
    "EventName": lambda event, value: event.name == value,
    "ReadOnly": lambda event, value: str(event.reads).lower() == value,
    "Username": lambda event, value: event.username == value,
    "ResourceType": lambda event, value: value in event.resources.values(),
    "ResourceName": lambda event, value: value in event.resources,
    "EventSource": lambda event, value: event.source == value,
    "AccessKeyId": lambda event, value: event.key == value,
}
_LONGEST_VALUE = 2000


def install() -> None:
    add(CloudTrailResponse, "lookup_events", _look_up)


def _look_up(response: Any) -> str:
    sent = {name: response._get_param(name) for name in (*_ASKED, "EventCategory", "NextToken")}
    test, (begin, end), size = _find_test(sent), _find_range(sent), _find_size(sent)
    if sent["EventCategory"] not in (None, "insight"):
        raise Refusal("InvalidEventCategoryException", "The event category is not valid.")
    now = current().clock.now()
    found = [
        event
        for event in history_of(response.current_account, response.region).newest_first()
        if event.shown_at <= now and max(begin, now - KEPT_FOR) <= event.at <= end and test(event)
    ]
    if sent["EventCategory"]:
        found = []  # there are no insights
    question = sha256(json.dumps([sent[name] for name in _ASKED]).encode()).hexdigest()[:16]
    start = _find_start(sent["NextToken"], question, found)
    page = found[start : start + size]
    more = {"NextToken": _make_token(question, page[-1])} if start + size < len(found) else {}
    return json.dumps({"Events": [_tell(event) for event in page], **more})


def _find_test(sent: Mapping[str, Any]) -> Callable[[Event], bool]:
    """Return the test of the one attribute; every event meets that of none."""
    attributes = sent["LookupAttributes"] or []
    if not attributes:
        return lambda _event: True
    key, value = attributes[0].get("AttributeKey"), attributes[0].get("AttributeValue")
    if len(attributes) > 1 or key not in _TESTS or not 1 <= len(str(value or "")) <= _LONGEST_VALUE:
        raise Refusal(
            "InvalidLookupAttributesException", "The lookup attributes are not valid: there is at most one."
        )
    return lambda event: _TESTS[key](event, str(value))


def _find_range(sent: Mapping[str, Any]) -> tuple[float, float]:
    """Return the begin and the end in virtual seconds. A second begun is a whole one: events have no parts."""
    epoch = current().clock.epoch
    begin = float("-inf") if sent["StartTime"] is None else int(sent["StartTime"]) - epoch
    end = float("inf") if sent["EndTime"] is None else int(sent["EndTime"]) + 1 - epoch
    if begin > end:
        raise Refusal("InvalidTimeRangeException", "The start time is after the end time.")
    return begin, end


def _find_size(sent: Mapping[str, Any]) -> int:
    size = PAGE if sent["MaxResults"] is None else int(sent["MaxResults"])
    if not 1 <= size <= PAGE:
        raise Refusal("InvalidMaxResultsException", f"MaxResults must be from 1 to {PAGE}.")
    return size


def _find_start(token: str | None, question: str, found: list[Event]) -> int:
    """Return where the page of a token begins: after the event that it names, for the same question only."""
    if token is None:
        return 0
    starts = (i + 1 for i, event in enumerate(found) if _make_token(question, event) == token)
    if (start := next(starts, None)) is None:
        raise Refusal("InvalidNextTokenException", "The token is not valid, or was given for another question.")
    return start


def _make_token(question: str, last: Event) -> str:
    return urlsafe_b64encode(f"{question}/{last.id}".encode()).decode()


def _tell(event: Event) -> Mapping[str, Any]:
    date = current().clock.date(event.at)
    key = {"AccessKeyId": event.key} if event.key else {}
    return {
        "EventId": event.id,
        "EventName": event.name,
        "ReadOnly": str(event.reads).lower(),
        **key,
        "EventTime": int(date.timestamp()),
        "EventSource": event.source,
        "Username": event.username,
        "Resources": [{"ResourceType": kind, "ResourceName": name} for name, kind in event.resources.items()],
        "CloudTrailEvent": event.dump(),
    }
