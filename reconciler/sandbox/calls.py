"""Every call to the embedded AWS: one at a time, after what time has brought; an unknown one gets AWS's kind of no."""

from functools import lru_cache
from secrets import token_hex
from typing import Any

from moto.core import responses
from moto.core.responses import BaseResponse
from moto.dynamodb.responses import DynamoHandler

from reconciler.sandbox.ecs.rollout import catch_up
from reconciler.sandbox.refusal import answer
from reconciler.sandbox.world import turn, wrap


def install() -> None:
    wrap(BaseResponse, "call_action", _in_turn)
    wrap(DynamoHandler, "call_action", _in_turn)
    names = getattr(responses.method_names_from_class, "__wrapped__", responses.method_names_from_class)
    responses.gen_amzn_requestid_long = _request_id
    responses.method_names_from_class = lru_cache(names)  # moto looks through the class again at each call


def _request_id(headers: dict[str, Any]) -> str:
    """One of its own chance: of moto's, reads side by side would draw in any order, and shift the ids after them."""
    made = token_hex(26)
    headers["x-amzn-requestid"] = made
    return made


def _in_turn(original: Any, response: Any) -> Any:
    """Without turns (moto is not safe for threads) two creates of one name at once would both succeed.

    Where moto has no such call it answers 500 with HTML, which clients take for a passing failure and repeat.
    """
    with turn:
        catch_up()
        try:
            return original(response)
        except NotImplementedError as missing:
            return answer(
                response, "UnknownOperationException", f"The embedded AWS does not know this call: {missing}"
            )
