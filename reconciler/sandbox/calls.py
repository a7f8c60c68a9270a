"""Calls to the embedded AWS: one at a time, after updating ECS services. Unknown calls are refused."""

from functools import lru_cache
from random import Random
from typing import Any

from moto.core import responses
from moto.core.responses import BaseResponse
from moto.dynamodb.responses import DynamoHandler

from reconciler.sandbox.ecs.rollout import catch_up
from reconciler.sandbox.refusal import answer
from reconciler.sandbox.scheduler.starts import start_due_tasks
from reconciler.sandbox.world import call_lock, wrap

_request_ids = Random()  # noqa: S311 - not moto's; the system's randomness took a tenth of the server's time


def install() -> None:
    wrap(BaseResponse, "call_action", _call_alone)
    wrap(DynamoHandler, "call_action", _call_alone)
    names = getattr(responses.method_names_from_class, "__wrapped__", responses.method_names_from_class)
    responses.gen_amzn_requestid_long = _add_request_id
    responses.method_names_from_class = lru_cache(names)  # moto looks through the class again at each call


def _add_request_id(headers: dict[str, Any]) -> str:
    """Set a request id that does not use moto's random numbers.

    Concurrent reads would use these in any order, which would change the ids of resources created later.
    """
    made = _request_ids.randbytes(26).hex()
    headers["x-amzn-requestid"] = made
    return made


def _call_alone(original: Any, response: Any) -> Any:
    """Make one call at a time. moto is not thread-safe: two creates of one name at once would both succeed.

    A call that moto does not know is refused. moto itself answers 500 with HTML, which clients retry.
    """
    with call_lock:
        catch_up()
        start_due_tasks()
        try:
            return original(response)
        except NotImplementedError as missing:
            return answer(
                response, "UnknownOperationException", f"The embedded AWS does not know this call: {missing}"
            )
