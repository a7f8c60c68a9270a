"""One poll of something to wait for, in the form of botocore's waiters, whose own `wait()` would sleep."""

from typing import Any

from botocore import xform_name
from botocore.exceptions import ClientError
from botocore.waiter import SingleWaiterConfig

from reconciler.aws.blockers import Client
from reconciler.aws.calls import pick
from reconciler.aws.errors import message
from reconciler.aws.jmes import search
from reconciler.errors import WaitFailed
from reconciler.model.steps import NotYet, Outputs, Wait

UNTIMED = {"delay": 0, "maxAttempts": 0}  # botocore's form asks for them; time is the ledger's


def poll(client: Client, wait: Wait) -> Outputs | NotYet:
    error = None
    waiter = SingleWaiterConfig({**UNTIMED, **wait.model})
    try:
        response = getattr(client(wait.service), xform_name(waiter.operation))(**wait.params)
    except ClientError as e:
        error, response = e, e.response
    state = next((a.state for a in waiter.acceptors if a.matcher_func(response)), None)
    if state == "success":
        return pick(wait.outputs, response)
    if error and not state:
        raise error
    said = message(error) if error else _words(search(wait.why, response)) if wait.why else ""
    if state == "failure":
        raise WaitFailed(f"{wait.until}: {said}" if said else f"{wait.until} cannot be reached any more")
    return NotYet(error or said or None)


def _words(said: Any) -> str:
    return ": ".join(str(s) for s in said if s) if isinstance(said, list) else str(said)
