"""Calls are authorised: the root's are not looked at, and all others must be allowed by policies."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from moto.core.responses import BaseResponse

from reconciler.sandbox.authorization.call import Call, read_call
from reconciler.sandbox.authorization.decisions import Request, find_refused
from reconciler.sandbox.authorization.principals import policies_of
from reconciler.sandbox.authorization.refusals import INVALID_KEY, refuse
from reconciler.sandbox.authorization.requests import requests_of
from reconciler.sandbox.authorization.trust import judge_assuming
from reconciler.sandbox.aws_error import Refused
from reconciler.sandbox.callers import Caller, find_caller
from reconciler.sandbox.refusal import answer
from reconciler.sandbox.world import call_lock, wrap

_records: list[list[Request]] = []


def install() -> None:
    wrap(BaseResponse, "call_action", _call_if_allowed)


@contextmanager
def recording() -> Iterator[list[Request]]:
    """Gather what all calls in this process need, also the root's, so that policies can be tried on it."""
    record: list[Request] = []
    _records.append(record)
    try:
        yield record
    finally:
        _records.remove(record)


def judge(caller: Caller, call: Call) -> Refused | None:
    """Return why the caller may not make the call, in the words of its service; None if it may.

    The caller may be a service that acts in a role (`callers.caller_in_role`).
    """
    if not caller.is_valid:
        return INVALID_KEY
    requests = requests_of(call, caller)
    for record in _records:
        record.extend(requests)
    if caller.type == "Root":
        return None
    decision = next(find_refused(policies_of(caller), requests), None)
    if call.action == "sts:AssumeRole":
        decision = judge_assuming(caller, requests[0], decision)
    return refuse(caller, call, decision) if decision else None


def _call_if_allowed(original: Any, response: Any) -> Any:
    caller = find_caller(response)
    if caller.type == "Root" and caller.is_valid and not _records:
        return original(response)
    with call_lock:
        refused = judge(caller, read_call(response))
    if refused is not None:
        return answer(response, refused.code, refused.message, refused.status)
    return original(response)
