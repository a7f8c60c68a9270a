"""Tell AWS's answers from those that a proxy, a login page or a broken line gives in its place.

botocore does not: of a web page with status 200 some of its parsers make an answer in which nothing exists.
"""

import json
import re
from collections.abc import Mapping
from typing import Any
from xml.etree import ElementTree as ET

from botocore.model import OperationModel
from botocore.parsers import ResponseParserError

FIRST_ERROR, FIRST_SERVER_ERROR = 300, 500  # HTTP statuses
JSON_PROTOCOLS, XML_PROTOCOLS = ("json", "rest-json"), ("query", "ec2", "rest-xml")
ERROR_ROOTS = ("ErrorResponse", "Response", "Error")  # of query, EC2 and REST (Smithy's pages of the protocols)
LISTS = ("Describe", "List", "BatchGet")  # AWS gives a list, if an empty one; a Get may find nothing
SHOWN_OF_BODY = 80  # characters
_TITLE = re.compile(r"<title[^>]*>\s*(.*?)\s*</title>", re.IGNORECASE | re.DOTALL)

Response = dict[str, Any]  # as botocore has it: `status_code`, `headers`, `body`


class ForeignAnswer(ResponseParserError):  # type: ignore[misc]  # botocore is untyped
    """Raised for an answer that is not AWS's. The call has no answer: AWS may have carried it out."""


def is_from_aws(response: Response, model: OperationModel) -> bool:
    """Tell whether a response is from AWS, by its form. Raises `ForeignAnswer` for one that is not.

    With a status of 500 or more it only loses its body, so that botocore's retry takes its course.
    """
    status, body = response["status_code"], response["body"]
    if not isinstance(body, bytes) or _has_form(model, status, body, response["headers"]):
        return True
    if status < FIRST_SERVER_ERROR:
        raise ForeignAnswer(f"HTTP {status} with {_describe(body)} in the place of AWS's answer")
    response["body"] = b""
    return False


def require_content(http_response: Any, parsed: Mapping[str, Any], model: OperationModel, **_: Any) -> None:
    """Raise `ForeignAnswer` for an answer without anything that the operation gives."""
    if http_response.status_code >= FIRST_ERROR or model.output_shape is None:
        return
    members = model.output_shape.members.keys()
    if members and not members & parsed.keys():
        has_id = parsed.get("ResponseMetadata", {}).get("RequestId")
        if model.name.startswith(LISTS) or not has_id:
            raise ForeignAnswer(
                f"HTTP {http_response.status_code} with an answer that has none of {', '.join(members)}"
            )


def _has_form(model: OperationModel, status: int, body: bytes, headers: Mapping[str, str]) -> bool:
    protocol = model.service_model.resolved_protocol
    if protocol in JSON_PROTOCOLS:
        return _has_json_form(model, status, body, headers)
    return protocol not in XML_PROTOCOLS or _has_xml_form(model, status, body)


def _has_json_form(model: OperationModel, status: int, body: bytes, headers: Mapping[str, str]) -> bool:
    if not body:
        gives_something = model.output_shape is not None and bool(model.output_shape.members)
        return status < FIRST_ERROR and not gives_something
    try:
        document = json.loads(body)
    except ValueError:
        return False
    is_error = status >= FIRST_ERROR
    return isinstance(document, dict) and not (is_error and _error_type(document, headers) is None)


def _error_type(document: Mapping[str, Any], headers: Mapping[str, str]) -> Any:
    return document.get("__type") or document.get("code") or headers.get("x-amzn-errortype")


def _has_xml_form(model: OperationModel, status: int, body: bytes) -> bool:
    try:
        root = ET.fromstring(body)  # noqa: S314 - botocore reads the same bytes with the same parser
    except ET.ParseError:
        return False
    if status >= FIRST_ERROR:
        return _name(root) in ERROR_ROOTS and any(_name(element) == "Code" for element in root.iter())
    wrapper = model.output_shape.serialization.get("resultWrapper") if model.output_shape else None
    return _name(root).endswith("Response") and (not wrapper or any(_name(child) == wrapper for child in root))


def _name(element: ET.Element) -> str:
    return element.tag.rpartition("}")[2]


def _describe(body: bytes) -> str:
    """Return what the body is: nothing, a web page with its title, or its first words."""
    text = body.decode(errors="replace")
    if title := _TITLE.search(text):
        return f"the web page {_shorten(title[1])!r}"
    return repr(_shorten(text)) if text.strip() else "nothing"


def _shorten(text: str) -> str:
    words = " ".join(text.split())
    return words if len(words) <= SHOWN_OF_BODY else words[: SHOWN_OF_BODY - 1] + "…"
