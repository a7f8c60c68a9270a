"""Errors in AWS's format, for codes that moto lacks and for requests that do not reach moto's service."""

from typing import Any

from moto.core import errors
from moto.core.exceptions import ServiceException
from moto.core.responses import ActionResult


class Refusal(ServiceException):  # type: ignore[misc]
    """An AWS error, `Refusal(code, message)`, which moto serialises in the format of the called service."""


def make_known(code: str) -> None:
    """Let moto answer with a code that is in no service's model, of which it would warn otherwise."""
    if code not in errors.COMMON_ERROR_CODES:
        errors.COMMON_ERROR_CODES.append(code)


def answer(response: Any, code: str, message: str, status: int = 400) -> tuple[int, dict[str, Any], Any]:
    """Return the answer of `call_action` to a refused request, with this code, message and HTTP status."""
    make_known(code)
    _, headers, body = response.serialized(ActionResult(Refusal(code, message)))
    return status, headers | {"status": str(status)}, body
