"""Long polls. They are made of short ones, between which others are served, as calls are made one at a time.

They last as long as the clock says. If time only advances by hand, a poll does not wait.
"""

import time
from contextvars import ContextVar
from typing import Any

from moto.core.responses import BaseResponse
from moto.sqs.models import SQSBackend

from reconciler.sandbox.constraints.services import sent_parameters
from reconciler.sandbox.world import current, wrap

_FOUND = ContextVar("found", default=False)  # whether the present look had a message
PAUSE = 0.05  # real seconds between two looks


def install() -> None:
    wrap(SQSBackend, "receive_message", _receive_at_once)
    wrap(BaseResponse, "call_action", _poll)


def _receive_at_once(original: Any, sqs: Any, queue_name: str, count: int, _wait: int, *args: Any) -> Any:
    found = original(sqs, queue_name, count, 0, *args)
    _FOUND.set(bool(found))
    return found


def _poll(original: Any, response: Any) -> Any:
    """Make the call again until it has a message, or until its time is over."""
    if response.boto3_service_name != "sqs" or response._get_action() != "ReceiveMessage":
        return original(response)
    clock = current().clock
    end = clock.now() + (_seconds(response) if clock.speed else 0)
    while True:
        _FOUND.set(True)  # a call that is refused does not look
        answer = original(response)
        if _FOUND.get() or clock.now() >= end:
            return answer
        time.sleep(PAUSE)


def _seconds(response: Any) -> float:
    """Return how long a call may wait: as it says, or else as its queue says."""
    sent = sent_parameters(response).get("WaitTimeSeconds")
    if sent is not None:
        return float(sent)
    queue = response.sqs_backend.queues.get(response._get_queue_name())
    return float(queue.receive_message_wait_time_seconds or 0) if queue else 0.0
