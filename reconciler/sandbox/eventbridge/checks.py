"""What EventBridge refuses and moto takes (EventBridge API reference; quotas of its user guide)."""

from typing import Any

from moto.events.models import EventsBackend

from reconciler.sandbox.refusal import Refusal
from reconciler.sandbox.world import wrap

TARGETS = 5  # of a rule
RULES = 300  # of a bus


def install() -> None:
    wrap(EventsBackend, "put_events", _put_events)
    wrap(EventsBackend, "put_targets", _put_targets)
    wrap(EventsBackend, "put_rule", _put_rule)


def _put_events(original: Any, events: Any, entries: list[dict[str, Any]]) -> Any:
    """Answer for each event of a source `aws.…` that nobody but AWS may send it; the code is not documented."""
    answers = iter(original(events, [entry for entry in entries if not _is_aws(entry)]))
    refused = {
        "ErrorCode": "NotAuthorizedForSourceException",
        "ErrorMessage": "Not authorized for the source.",
    }
    return [refused if _is_aws(entry) else next(answers) for entry in entries]


def _is_aws(entry: dict[str, Any]) -> bool:
    return str(entry.get("Source", "")).startswith("aws.")


def _put_targets(
    original: Any, events: Any, name: str, event_bus_arn: str | None, targets: list[dict[str, Any]]
) -> Any:
    bus = events._get_event_bus(events._normalize_event_bus_arn(event_bus_arn))
    rule = bus.rules.get(name)
    ids = {target["Id"] for target in [*(rule.targets if rule else ()), *targets]}
    if rule and len(ids) > TARGETS:
        raise Refusal(
            "LimitExceededException", "The requested resource exceeds the maximum number of targets allowed."
        )
    return original(events, name, event_bus_arn, targets)


def _put_rule(original: Any, events: Any, name: str, *args: Any, **kwargs: Any) -> Any:
    """Make or change a rule. A change keeps its tags, whatever it sends: only a new rule takes tags."""
    rules = events._get_event_bus(events._normalize_event_bus_arn(kwargs.get("event_bus_arn"))).rules
    if name in rules:
        kwargs["tags"] = None
    elif len(rules) >= RULES:
        raise Refusal(
            "LimitExceededException", "The requested resource exceeds the maximum number of rules allowed."
        )
    return original(events, name, *args, **kwargs)
