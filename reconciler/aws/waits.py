"""Poll once for a state, by a model in the form of botocore's waiters, whose own `wait()` would sleep."""

from typing import Any

from botocore import xform_name
from botocore.exceptions import ClientError
from botocore.waiter import SingleWaiterConfig

from reconciler.aws.calls import Client, pick
from reconciler.aws.errors import message
from reconciler.aws.jmes import search
from reconciler.errors import WaitFailed
from reconciler.model.steps import NotYet, Outputs, Wait

NO_TIMES = {"delay": 0, "maxAttempts": 0}  # botocore requires these; the ledger keeps the times


def poll(client: Client, wait: Wait) -> Outputs | NotYet:
    """Return the outputs if the state is reached. Raises `WaitFailed` if it cannot be reached any more."""
    error = None
    waiter = SingleWaiterConfig({**NO_TIMES, **wait.model})
    try:
        response = getattr(client(wait.service), xform_name(waiter.operation))(**wait.params)
    except ClientError as e:
        error, response = e, e.response
    state = next((a.state for a in waiter.acceptors if a.matcher_func(response)), None)
    if state == "success":
        return pick(wait.outputs, response)
    if error and not state:
        raise error
    why = message(error) if error else _join(search(wait.why, response)) if wait.why else ""
    if state == "failure":
        raise WaitFailed(f"{wait.until}: {why}" if why else f"{wait.until} cannot be reached any more")
    return NotYet(error or why or None)


def _join(words: Any) -> str:
    return ": ".join(str(word) for word in words if word) if isinstance(words, list) else str(words)
