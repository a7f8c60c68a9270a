"""Tell AWS's answers from those that a proxy, a login page or a broken line gives in its place.

botocore does not: of a web page with status 200 some of its parsers make an answer in which nothing exists.
"""

import json
import re
from collections.abc import Mapping
from typing import Any
from xml.etree import ElementTree as ET

from botocore.model import OperationModel, Shape
from botocore.parsers import ResponseParserError

FIRST_ERROR, FIRST_SERVER_ERROR = 300, 500  # HTTP statuses
JSON_PROTOCOLS, XML_PROTOCOLS = ("json", "rest-json"), ("query", "ec2", "rest-xml")
ERROR_ROOTS = ("ErrorResponse", "Response", "Error")  # of query, EC2 and REST (Smithy's pages of the protocols)
LISTS = ("Describe", "List", "BatchGet")  # AWS gives a list, if an empty one; a Get may find nothing
NO_EMPTY_LISTS = ("sqs",)  # services that leave out a list without items
JSON_TYPES = {"structure": dict, "map": dict, "list": list, "string": str, "boolean": bool}
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
        gives_list = model.name.startswith(LISTS) and model.service_model.service_name not in NO_EMPTY_LISTS
        if gives_list or not has_id:
            raise ForeignAnswer(
                f"HTTP {http_response.status_code} with an answer that has none of {', '.join(members)}"
            )


def _has_form(model: OperationModel, status: int, body: bytes, headers: Mapping[str, str]) -> bool:
    protocol, is_error = model.service_model.resolved_protocol, status >= FIRST_ERROR
    if not body and not is_error and not _members_of_body(model):
        return True
    if _is_document(model) and not is_error:
        return _has_document_form(body)
    if protocol in JSON_PROTOCOLS:
        return _has_json_form(model, body, headers, is_error=is_error)
    return protocol not in XML_PROTOCOLS or _has_xml_form(model, protocol, body, is_error=is_error)


def _is_document(model: OperationModel) -> bool:
    """Tell whether the whole body is one text, as of S3's GetBucketPolicy, whatever the protocol."""
    shape = model.output_shape
    payload = shape.serialization.get("payload") if shape else None
    return payload is not None and shape.members[payload].type_name == "string"


def _has_document_form(body: bytes) -> bool:
    try:
        return isinstance(json.loads(body), dict)
    except ValueError:
        return False


def _members_of_body(model: OperationModel) -> Mapping[str, Shape]:
    """Return the members of the answer that stand in its body, by their names there."""
    members = model.output_shape.members if model.output_shape else {}
    in_body = {n: shape for n, shape in members.items() if "location" not in shape.serialization}
    return {shape.serialization.get("name", name): shape for name, shape in in_body.items()}


def _has_json_form(model: OperationModel, body: bytes, headers: Mapping[str, str], *, is_error: bool) -> bool:
    try:
        document = json.loads(body)
    except ValueError:
        return False
    if not isinstance(document, dict):
        return False
    if is_error:
        return "__type" in document or "x-amzn-errortype" in headers
    given = [(document.get(name), shape.type_name) for name, shape in _members_of_body(model).items()]
    return all(value is None or isinstance(value, JSON_TYPES.get(kind, object)) for value, kind in given)


def _has_xml_form(model: OperationModel, protocol: str, body: bytes, *, is_error: bool) -> bool:
    try:
        root = ET.fromstring(body)  # noqa: S314 - botocore reads the same bytes with the same parser
    except ET.ParseError:
        return False
    if is_error:
        return _name(root) in ERROR_ROOTS and any(_name(element) == "Code" for element in root.iter())
    if protocol == "rest-xml":  # S3 has roots of many names
        return _name(root).lower() != "html"
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
