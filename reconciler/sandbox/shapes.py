"""Refuse parameters outside of the ranges, lengths, patterns and values that botocore's models state.

boto3 itself checks types and lower bounds only. AWS checks all, before anything else, and answers in one form
of words for every service.
"""

import json
import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from moto.core.responses import BaseResponse
from moto.core.utils import get_service_model

from reconciler.sandbox.refusal import answer
from reconciler.sandbox.world import wrap

CODES: Mapping[str, str] = {"elbv2": "ValidationError", "acm": "ValidationException"}  # by boto3's service name
# Java's classes of characters in the patterns of the models, which Python's `re` lacks.
_CLASSES = (("\\p{L}", "\\w"), ("\\p{Z}", " "), ("\\p{N}", "0-9"), ("\\p{M}", ""))


def install() -> None:
    wrap(BaseResponse, "call_action", _check_call)


def _check_call(original: Any, response: Any) -> Any:
    code, operation = CODES.get(response.boto3_service_name), response._get_action()
    shape = find_input_shape(response.boto3_service_name, operation) if code and operation else None
    if code and shape is not None:
        faults = [*find_faults(shape, _sent(response), "")]
        if faults:
            return answer(response, code, describe_faults(faults))
    return original(response)


@cache
def find_input_shape(service: str, operation: str) -> Any:
    """Return the shape of an operation's parameters, or None for an operation that the model lacks."""
    model = get_service_model(service)
    return model.operation_model(operation).input_shape if operation in model.operation_names else None


def _sent(response: Any) -> Any:
    """Return the parameters of a call, which moto has parsed for some services only."""
    return response.params if response.automated_parameter_parsing else json.loads(response.body or "{}")


def describe_faults(faults: list[str]) -> str:
    """Return AWS's message about these faults."""
    errors = "error" if len(faults) == 1 else "errors"
    return f"{len(faults)} validation {errors} detected: {'; '.join(faults)}"


def find_faults(shape: Any, value: Any, path: str) -> Iterator[str]:
    """Yield what a value breaks of its shape, and what its members break of theirs."""
    if shape.type_name == "structure" and isinstance(value, Mapping):
        for name, member in shape.members.items():
            place = _join(path, name[:1].lower() + name[1:])
            if value.get(name) is not None:
                yield from find_faults(member, value[name], place)
            elif name in shape.required_members:
                yield f"Value null at '{place}' failed to satisfy constraint: Member must not be null"
        return
    if problem := _find_problem(shape, value):
        yield f"Value '{_format(value)}' at '{path}' failed to satisfy constraint: Member must {problem}"
    if shape.type_name == "list" and isinstance(value, list):
        for number, item in enumerate(value, 1):
            yield from find_faults(shape.member, item, f"{path}.{number}.member")


def _join(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name


def _format(value: Any) -> str:
    return f"[{', '.join(_format(item) for item in value)}]" if isinstance(value, list) else str(value)


def _find_problem(shape: Any, value: Any) -> str:
    """Return what a value must satisfy and does not, or an empty string."""
    limits, kind = shape.metadata, shape.type_name
    if kind in ("integer", "long"):
        return _find_excess(limits, int(value), "have value")
    if kind == "list" and isinstance(value, list):
        return _find_excess(limits, len(value), "have length")
    if kind != "string":
        return ""
    text = str(value)
    if "enum" in limits and text not in limits["enum"]:
        return f"satisfy enum value set: [{', '.join(limits['enum'])}]"
    if "pattern" in limits and not re.fullmatch(_to_python(limits["pattern"]), text):
        return f"satisfy regular expression pattern: {limits['pattern']}"
    return _find_excess(limits, len(text), "have length")


def _find_excess(limits: Mapping[str, Any], number: int, what: str) -> str:
    if number > limits.get("max", number):
        return f"{what} less than or equal to {limits['max']}"
    if number < limits.get("min", number):
        return f"{what} greater than or equal to {limits['min']}"
    return ""


@cache
def _to_python(pattern: str) -> str:
    """Return a pattern of the models, which are Java's, as one of Python's."""
    for java, python in _CLASSES:
        pattern = pattern.replace(java, python)
    return pattern
