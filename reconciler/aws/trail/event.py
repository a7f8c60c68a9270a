"""Events as LookupEvents tells them, read from their records: nothing in these is taken to be there."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

LONGEST = 120  # characters of a name that is told: session names and user agents are others' texts


@dataclass(frozen=True)
class TrailEvent:
    """A call that AWS carried out."""

    id: str
    at: datetime
    name: str
    source: str
    identity: Mapping[str, Any] = field(default_factory=dict)
    agent: str = ""
    sent: Any = None  # requestParameters; None: there were none, or more than 100 KB
    answer: Any = None  # responseElements
    from_console: bool = False

    @property
    def invoked_by(self) -> str:
        """The service of AWS that made the call, such as `ecs.amazonaws.com`; empty if none did."""
        return text(self.identity.get("invokedBy"))


def read_event(told: Mapping[str, Any]) -> TrailEvent | None:
    """Return an event of LookupEvents' answer; None if AWS refused the call, or if it cannot be read."""
    record = parse_json(told.get("CloudTrailEvent"))
    if not isinstance(record, Mapping) or not told.get("EventTime"):
        return None
    found = read_record(record)
    return found and replace(
        found,
        id=text(told.get("EventId")),
        at=told["EventTime"].astimezone(UTC),
        name=text(told.get("EventName")),
        source=text(told.get("EventSource")),
    )


def read_record(record: Mapping[str, Any]) -> TrailEvent | None:
    """Return the call of a record; None if AWS refused it."""
    if record.get("errorCode"):
        return None
    answer = record.get("responseElements")
    if isinstance(answer, Mapping) and answer.get("_return") is False:  # EC2's way to tell some failures
        return None
    identity = record.get("userIdentity")
    return TrailEvent(
        text(record.get("eventID")),
        _parse_time(record.get("eventTime")),
        text(record.get("eventName")),
        text(record.get("eventSource")),
        identity if isinstance(identity, Mapping) else {},
        str(record.get("userAgent") or ""),
        record.get("requestParameters"),
        answer,
        str(record.get("sessionCredentialFromConsole", "")).lower() == "true",
    )


def _parse_time(raw: Any) -> datetime:
    try:
        return datetime.fromisoformat(raw).astimezone(UTC)
    except (TypeError, ValueError):
        return datetime.fromtimestamp(0, UTC)


def parse_json(raw: Any) -> Any:
    """Return a JSON text as a value; None if it is none."""
    try:
        return json.loads(raw)
    except (TypeError, ValueError):
        return None


def text(value: Any) -> str:
    """Return a text to be told, cut; an empty one for anything else."""
    return (
        value
        if isinstance(value, str) and len(value) <= LONGEST
        else (f"{value[: LONGEST - 1]}…" if isinstance(value, str) else "")
    )


def leaves(value: Any, name: str = "") -> Iterator[tuple[str, str]]:
    """Yield each single value as text, with its parameter's name; of a pair of key and value, with the key.

    EC2 puts lists under `items`, and some calls put all parameters under a name of their own.
    """
    match value:
        case Mapping():
            yield from _pair(value)
            for key, inner in value.items():
                yield from leaves(inner, name if key == "items" else str(key))
        case list() | tuple() | set() | frozenset():
            for inner in value:
                yield from leaves(inner, name)
        case None:
            pass
        case _:
            yield name, normalise(value)


def _pair(value: Mapping[Any, Any]) -> Iterator[tuple[str, str]]:
    """Yield what tags and attributes are sent as: {key: …, value: …}."""
    small = {str(key).lower(): inner for key, inner in value.items()}
    if "key" in small and isinstance(small.get("value"), str | int | float | bool):
        yield str(small["key"]), normalise(small["value"])


def normalise(value: Any) -> str:
    """Return a single value as text, the same for true and "true"."""
    return str(value).lower() if isinstance(value, bool) else str(value)
