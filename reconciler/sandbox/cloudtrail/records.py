"""The record of a call, as CloudTrail writes it ("CloudTrail record contents" in its user guide)."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from random import Random
from typing import Any
from uuid import UUID

from moto.core.utils import get_service_model

from reconciler.sandbox.cloudtrail.authors import Identity
from reconciler.sandbox.cloudtrail.sources import only_reads, source_of
from reconciler.sandbox.cloudtrail.spelling import spell
from reconciler.sandbox.world import current

REFUSED = 300  # the least HTTP status of an error
LONGEST_TEXT = 1024  # characters of a user agent and of an error's message
_ids = Random()  # noqa: S311 - not moto's, from which the ids of resources come


def make_id() -> str:
    """Return a new id of an event or of a request."""
    return str(UUID(int=_ids.getrandbits(128), version=4))


@dataclass(frozen=True)
class Made:
    """A call that was made."""

    service: str  # boto3's name
    action: str
    account: str
    region: str
    at: float  # virtual seconds
    identity: Identity
    agent: str
    address: str
    sent: Mapping[str, Any]
    status: int = 200
    answer: Mapping[str, Any] | None = None  # as botocore parses it; None: it is not recorded
    id: str = field(default_factory=make_id)


def dump_record(made: Made) -> str:
    """Return the record of a call as JSON."""
    return json.dumps(write_record(made), separators=(",", ":"))


def write_record(made: Made) -> Mapping[str, Any]:
    """Return the record of a call, as CloudTrail writes it."""
    operation = get_service_model(made.service).operation_model(made.action)
    refused = (made.answer or {}).get("Error", {}) if made.status >= REFUSED else {}
    answer = None if refused else made.answer
    return {
        "eventVersion": "1.11",
        "userIdentity": made.identity,
        "eventTime": current().clock.date(made.at).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "eventSource": source_of(made.service),
        "eventName": made.action,
        "awsRegion": made.region,
        "sourceIPAddress": made.address,
        "userAgent": made.agent,
        **_refusal(made.service, refused),
        "requestParameters": spell(made.service, made.action, made.sent, operation.input_shape),
        "responseElements": spell(made.service, made.action, answer, operation.output_shape),
        "requestID": make_id(),
        "eventID": made.id,
        "readOnly": only_reads(made.action),
        "eventType": "AwsApiCall",
        "managementEvent": True,
        "recipientAccountId": made.account,
        "eventCategory": "Management",
    }


def _refusal(service: str, error: Mapping[str, str]) -> dict[str, str]:
    if not error:
        return {}
    code = str(error.get("Code", "Unknown"))
    return {
        "errorCode": f"Client.{code}" if service == "ec2" else code,
        "errorMessage": str(error.get("Message", ""))[:LONGEST_TEXT],
    }
