"""Record each call as an event: writes at once as a whole, reads so that the record can be made when asked for.

What is played: eventTime in seconds, eventSource, requestParameters, responseElements of writes, errorCode of
refused calls, readOnly, the author, and when event history shows it (CloudTrail user guide, "How CloudTrail
works": about five minutes on average, which is not guaranteed).
"""

import json
from collections.abc import Mapping
from functools import partial
from typing import Any

from botocore.parsers import ResponseParserError, create_parser
from moto.core.responses import BaseResponse
from moto.core.utils import get_service_model

from reconciler.sandbox.callers import find_caller
from reconciler.sandbox.chance import draw
from reconciler.sandbox.cloudtrail.authors import display_name, identify, identify_service
from reconciler.sandbox.cloudtrail.events import Event, history_of
from reconciler.sandbox.cloudtrail.records import LONGEST_TEXT, REFUSED, Made, dump_record
from reconciler.sandbox.cloudtrail.resources import find_resources
from reconciler.sandbox.cloudtrail.sources import is_recorded, only_reads, region_of, source_of
from reconciler.sandbox.constraints.services import sent_parameters
from reconciler.sandbox.eventbridge.api_calls import tell_call
from reconciler.sandbox.world import call_lock, current, wrap


def install() -> None:
    wrap(BaseResponse, "call_action", _record)


def _record(original: Any, response: Any) -> Any:
    service, action = response.boto3_service_name, response._get_action()
    if not is_recorded(service, action) or action not in get_service_model(service).operation_names:
        return original(response)
    caller, sent = find_caller(response), {**sent_parameters(response), **(response.uri_match or {})}
    status, headers, body = original(response)
    is_needed = not only_reads(action) or int(status) >= REFUSED
    made = Made(
        service,
        action,
        response.current_account,
        region_of(service, response.region),
        current().clock.now(),
        identify(caller),
        str(response.headers.get("User-Agent", ""))[:LONGEST_TEXT],
        "127.0.0.1",
        sent,
        int(status),
        _parse(response, action, int(status), headers, body) if is_needed else None,
    )
    _keep(made)
    return status, headers, body


def _parse(response: Any, action: str, status: int, headers: Any, body: Any) -> Mapping[str, Any]:
    """Return the members of an answer, by the model of botocore; of an error, its code and its message."""
    model, raw = (
        get_service_model(response.boto3_service_name),
        body if isinstance(body, bytes) else str(body or "").encode(),
    )
    protocol = response.determine_response_protocol(model).replace("query-json", "json")
    told = {"status_code": status, "headers": dict(headers), "body": raw}
    try:
        parsed: Mapping[str, Any] = create_parser(protocol).parse(
            told, model.operation_model(action).output_shape
        )
    except ResponseParserError:
        return {"Error": {"Code": "InternalFailure", "Message": raw.decode(errors="replace")}}
    return parsed


def record_service_action(
    service: str, action: str, sent: Mapping[str, Any], role: str, host: str, region: str
) -> None:
    """Record a call that a service of AWS makes itself, by its service-linked role, given the role's ARN."""
    account, now = role.split(":")[4], current().clock.now()
    identity = identify_service(role, host)
    _keep(Made(service, action, account, region_of(service, region), now, identity, host, host, sent))


def _keep(made: Made) -> None:
    dump, resources, reads = partial(dump_record, made), {}, only_reads(made.action)
    if not reads:
        text = dump()
        dump, record = partial(str, text), json.loads(text)
        resources = find_resources(made.service, record["requestParameters"], record["responseElements"])
    event = Event(
        made.id,
        made.at,
        made.at + _delay(made.action),
        made.action,
        source_of(made.service),
        reads,
        made.identity.get("accessKeyId", ""),
        display_name(made.identity),
        dump,
        resources,
    )
    add_event(made.account, made.region, event)
    if not reads:
        tell_call(made.account, made.region, made.service, text)


def add_event(account: str, region: str, event: Event) -> None:
    """Add an event to the history of an account and region."""
    with call_lock:  # another call may be looking through the history
        history_of(account, region).add(event)


def _delay(action: str) -> float:
    """Return the seconds until event history shows a call: from a third of the profile's time to all of it."""
    longest = current().profile.trail_delay
    return longest * (1 + 2 * draw("trail", action)) / 3 if longest else 0
