"""The way of an event into queues: it is sent if the policy of the queue lets the rule send.

EventBridge asks nothing but the queue's policy (its user guide, "Using resource-based policies"). What is
refused is lost: targets' own dead-letter queues are not played.
"""

import json
from contextlib import suppress
from typing import Any

from moto.events import events_backends
from moto.events.models import Rule
from moto.sqs import sqs_backends

from reconciler.sandbox.world import current, wrap

SERVICE = "events.amazonaws.com"


def install() -> None:
    wrap(Rule, "_send_to_sqs_queue", _send_if_allowed)
    wrap(Rule, "send_to_targets", _send_if_enabled)


def _send_if_enabled(original: Any, rule: Rule, *args: Any, **kwargs: Any) -> None:
    if rule.state != "DISABLED":
        with suppress(NotImplementedError):  # a target that moto does not know, such as a function
            original(rule, *args, **kwargs)


def _send_if_allowed(
    original: Any, rule: Rule, resource_id: str, event: dict[str, Any], group_id: str | None = None
) -> None:
    queue = sqs_backends[rule.account_id][rule.region_name].queues.get(resource_id)
    if queue is not None and may_send(json.loads(queue.policy or "{}"), rule.arn, queue.queue_arn):
        original(rule, resource_id, event, group_id)


def may_send(policy: dict[str, Any], rule: str, queue: str) -> bool:
    """Tell whether a queue's policy lets EventBridge send for a rule. Of conditions those on the rule's ARN."""
    statements = _as_list(policy.get("Statement"))
    effects = {s.get("Effect") for s in statements if _applies(s, rule, queue)}
    return effects == {"Allow"}


def _applies(statement: dict[str, Any], rule: str, queue: str) -> bool:
    principal = statement.get("Principal")
    services = _as_list(principal.get("Service")) if isinstance(principal, dict) else [principal]
    actions = {str(action).lower() for action in _as_list(statement.get("Action"))}
    named = {SERVICE, "*"} & {*services}
    meant = {"sqs:sendmessage", "sqs:*", "*"} & actions and {queue, "*"} & {
        *_as_list(statement.get("Resource"))
    }
    sources = [
        value
        for keys in statement.get("Condition", {}).values()
        for key, values in keys.items()
        for value in _as_list(values)
        if key.lower() == "aws:sourcearn"
    ]
    return bool(named and meant) and (rule in sources if sources else not statement.get("Condition"))


def _as_list(value: Any) -> list[Any]:
    return [] if value is None else value if isinstance(value, list) else [value]


def has_rules(account: str, region: str) -> bool:
    """Tell whether the default bus has a rule, so that events matter."""
    return bool(events_backends[account][region].event_buses["default"].rules)


def put_event(
    account: str, region: str, source: str, kind: str, resources: list[str], detail: dict[str, Any], at: float
) -> None:
    """Put an event of AWS's own, of a virtual moment, on the default bus."""
    bus = events_backends[account][region].event_buses["default"]
    clock = current().clock
    for rule in list(bus.rules.values()):
        event: Any = {
            "version": "0",
            "id": _next_id(bus),
            "detail-type": kind,
            "source": source,
            "account": account,
            "time": clock.date(at).timestamp(),
            "region": region,
            "resources": resources,
            "detail": detail,
        }
        _send(rule, event)


def _send(rule: Rule, event: Any) -> None:
    """Send an event as it is to the queues among a rule's targets; others get none of AWS's own."""
    if rule.state == "DISABLED" or not rule.event_pattern.matches_event(event):
        return
    for target in rule.targets:
        _, _, service, _, _, name = str(target["Arn"]).split(":", 5)
        if service == "sqs" and not any(key.startswith("Input") for key in target):
            rule._send_to_sqs_queue(name, dict(event))


def _next_id(bus: Any) -> str:
    """Return an id that does not use moto's random numbers, which give the ids of resources."""
    number = bus.__dict__["events_so_far"] = bus.__dict__.get("events_so_far", 0) + 1
    return f"00000000-0000-4000-8000-{number:012x}"
