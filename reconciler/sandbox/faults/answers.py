"""Faults: a request is throttled, answered 500, or cut off before (reset) or after (lost) its work.

Of EventBridge's targets, the entries may be refused in an answer that is no error (`eventbridge.entries`).

Faults come at the profile's rates, or one at a time by the header `X-Sandbox-Fault` with the fault's name. This
module answers with errors, in place of moto's services; `faults.wire` cuts connections, which moto cannot do.
"""

from typing import Any, Literal

from moto.core.responses import BaseResponse

from reconciler.sandbox.chance import draw
from reconciler.sandbox.limits.table import THROTTLING_CODES
from reconciler.sandbox.refusal import answer
from reconciler.sandbox.world import current, wrap

Fault = Literal["throttled", "failed", "reset", "lost", "entries"]
FAULT_HEADER = "X-Sandbox-Fault"
SERVER_ERROR = (
    "InternalFailure",
    "The request processing has failed because of an unknown error, exception or failure.",
    500,
)


def install() -> None:
    wrap(BaseResponse, "call_action", _answer_with_fault)


def _answer_with_fault(original: Any, response: Any) -> Any:
    service, operation = response.boto3_service_name, response._get_action()
    if service not in THROTTLING_CODES or not operation:
        return original(response)
    fault = response.headers.get(FAULT_HEADER) or _by_chance(operation)
    if fault == "throttled":
        return answer(response, *THROTTLING_CODES[service])
    if fault == "failed":
        return answer(response, *SERVER_ERROR)
    return original(response)


def _by_chance(operation: str) -> Fault | None:
    """Choose at the profile's rates whether the request is throttled or gets a 500 (half of the failures)."""
    profile = current().profile
    if profile.throttled and draw("throttled", operation) < profile.throttled:
        return "throttled"
    if profile.failed and draw("failed", operation) < profile.failed / 2:
        return "failed"
    return None


def cut_by_chance(operation: str) -> Fault | None:
    """Choose at the profile's rates whether the connection is cut: reset, for half of the failures, or lost."""
    profile = current().profile
    if profile.failed and draw("reset", operation) < profile.failed / 2:
        return "reset"
    if profile.lost and draw("lost", operation) < profile.lost:
        return "lost"
    return None
