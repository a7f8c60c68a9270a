"""Refusals of requests that do not reach moto, in the formats of AWS's protocols."""

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from http import HTTPStatus
from secrets import token_hex
from xml.sax.saxutils import escape

OF_XML = ("route53", "s3", "cloudfront", "s3express")  # their requests tell nothing of a protocol
OF_QUERY = ("Action=", "Version=")


@dataclass(frozen=True)
class Refused:
    """Why a request is refused, in AWS's words."""

    code: str
    message: str
    status: int = 400


def write_refusal(
    refused: Refused, service: str, form: bytes, respond: Callable[..., object]
) -> Iterable[bytes]:
    """Respond with the refusal as the service's clients read it, given its name and its query or form."""
    if service == "ec2":
        kind, body = "text/xml", f"<Response><Errors>{_error(refused)}</Errors>{_id('RequestID')}</Response>"
    elif service == "s3":
        kind, body = "application/xml", _error(refused)
    elif service in OF_XML or any(word.encode() in form for word in OF_QUERY):
        kind, body = "text/xml", f"<ErrorResponse>{_error(refused)}{_id('RequestId')}</ErrorResponse>"
    else:
        kind = "application/x-amz-json-1.1"
        body = json.dumps({"__type": refused.code, "message": refused.message})
    data = body.encode()
    headers = [("Content-Type", kind), ("Content-Length", str(len(data))), ("x-amzn-RequestId", token_hex(16))]
    respond(f"{refused.status} {HTTPStatus(refused.status).phrase}", headers)
    return [data]


def _error(refused: Refused) -> str:
    return f"<Error><Code>{escape(refused.code)}</Code><Message>{escape(refused.message)}</Message></Error>"


def _id(name: str) -> str:
    return f"<{name}>{token_hex(16)}</{name}>"
