"""Events as EventBridge puts them into a queue: ECS's own, and API calls that CloudTrail recorded.

Nothing in a message is taken to be there: whoever may send to the queue can write anything.
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from reconciler.aws.trail.actors import describe_actor
from reconciler.aws.trail.event import TrailEvent, leaves, read_record, text

API_CALL = "AWS API Call via CloudTrail"
TASK = "ECS Task State Change"
OF_ECS = (TASK, "ECS Service Action", "ECS Deployment State Change")
MOST_VALUES = 2000  # of one event that are compared with what is known
_PLACES = ("cluster", "clusterArn")  # parameters that say where: they name what a call touches in few calls
_ENDS = re.compile(r":(\d+|\*)$")  # of a task definition's ARN its revision, of a log group's its streams


@dataclass(frozen=True)
class Heard:
    """An event: what it names, and who made it."""

    name: str  # such as `UpdateService` or `SERVICE_DEPLOYMENT_FAILED`
    values: frozenset[str] = frozenset()  # ids, names and ARNs that it names
    agent: str = ""  # the user agent of a call
    principal: str = ""  # the ARN of who made a call
    words: str = ""  # the event for people, such as `UpdateService by user alice`
    matters: bool = True  # False: nothing has changed, as the call was refused, or a task only goes on


def read_message(body: str) -> Heard:
    """Return the event of a message. Raises `ValueError` if it is none that can be read."""
    try:
        event = json.loads(body)
    except RecursionError:
        raise ValueError("it is nested too deeply") from None
    if not isinstance(event, Mapping) or not isinstance(detail := event.get("detail"), Mapping):
        raise ValueError("it is no event of EventBridge")  # noqa: TRY004 - whatever is wrong is one error
    kind = event.get("detail-type")
    if kind == API_CALL:
        return _read_call(detail)
    if kind in OF_ECS:
        resources = event.get("resources")
        return _read_ecs(str(kind), detail, resources if isinstance(resources, list) else [])
    raise ValueError("it is an event of another kind")


def _read_call(record: Mapping[str, Any]) -> Heard:
    """Return a call. One that AWS refused has an `errorCode`, and changed nothing."""
    call = read_record(record)
    if call is None:
        return Heard(text(record.get("eventName")), matters=False)
    arn = call.identity.get("arn")
    return Heard(
        call.name,
        frozenset(_values(call)),
        call.agent,
        arn if isinstance(arn, str) else "",
        f"{call.name} by {describe_actor(call)}",
    )


def _values(call: TrailEvent) -> Iterator[str]:
    """Yield what a call names, as it is, and an ARN also without its end."""
    is_of_cluster = "Cluster" in call.name
    told = [*leaves(call.sent), *leaves(call.answer)][:MOST_VALUES]
    for parameter, value in told:
        if is_of_cluster or parameter not in _PLACES:
            yield from _forms(value)


def _forms(value: str) -> Iterator[str]:
    yield value
    if value.startswith("arn:"):
        yield _ENDS.sub("", value)


def _read_ecs(kind: str, detail: Mapping[str, Any], resources: list[Any]) -> Heard:
    """Return an event of ECS's own: of tasks those that stop, which are named by their service."""
    named = {each for each in resources if isinstance(each, str)}
    if kind != TASK:
        name = text(detail.get("eventName")) or kind
        return Heard(name, frozenset(named), words=f"ECS: {name}")
    group, cluster = text(detail.get("group")), text(detail.get("clusterArn"))
    of, _, service = group.partition(":")
    if of == "service" and ":cluster/" in cluster:
        named.add(f"{cluster.replace(':cluster/', ':service/', 1)}/{service}")
    status = text(detail.get("lastStatus"))
    code = text(detail.get("stopCode"))
    words = f"ECS: a task of {service or group} is {status}{f' ({code})' if code else ''}"
    return Heard(kind, frozenset(named), words=words, matters=detail.get("desiredStatus") == "STOPPED")
