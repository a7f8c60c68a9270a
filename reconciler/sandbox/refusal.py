"""AWS's kind of no, for what moto has no error for or what does not get as far as moto's service."""

from typing import Any

from moto.core import errors
from moto.core.exceptions import ServiceException
from moto.core.responses import ActionResult


class Refusal(ServiceException):  # type: ignore[misc]
    """`Refusal(code, message)`: answered in the service's own format."""


def answer(response: Any, code: str, message: str, status: int = 400) -> tuple[int, dict[str, Any], Any]:
    """What `call_action` gives back for a request that is refused before anything looks at it."""
    if code not in errors.COMMON_ERROR_CODES:
        errors.COMMON_ERROR_CODES.append(code)  # or moto warns of codes that are in no service's model
    _, headers, body = response.serialized(ActionResult(Refusal(code, message)))
    return status, headers | {"status": str(status)}, body
