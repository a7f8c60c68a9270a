"""Make one try of a call, and return its answer."""

from collections.abc import Callable, Mapping
from typing import Any, cast

import structlog
from botocore.exceptions import ClientError

from reconciler.aws.errors import ALREADY_EXISTS, BUSY, find_match, matches, message
from reconciler.aws.jmes import search
from reconciler.aws.secret_values import revealed
from reconciler.model.steps import Answer, Call, Held, NotYet, Outputs, Warned

log = structlog.get_logger()

Client = Callable[[str], Any]  # boto3's name of a service -> a boto3 client


def attempt_call(client: Client, call: Call) -> Answer:
    """Make the call once. Raises `ClientError` for an error of AWS that the call does not provide for."""
    try:
        with revealed(client, call.params) as params:
            response = getattr(client(call.service), call.operation)(**params)
        require_all_entries(call, response)
    except ClientError as error:
        if matches(error, call.hold):
            return Held(message(error), str(call.remedy))
        if match := find_match(error, (*call.retry, *BUSY)):
            half = match.half_done
            return NotYet(error, answer_lost=half, half_done=half, patience=match.patience)
        if matches(error, ALREADY_EXISTS) and not matches(error, call.ignore):
            return NotYet(error, answer_lost=True)
        if not matches(error, call.ignore):
            raise
        response = error.response
    outputs = pick(call.outputs, response)
    if "Error" not in response and "id" in call.outputs and "id" not in outputs:
        return NotYet("AWS's answer does not name the resource", answer_lost=not call.reads)
    if not call.reads:
        log.info("called", step=call.title)
    warnings = search(call.warnings, response) if call.warnings else None
    return Warned(outputs, tuple(warnings)) if warnings else outputs


def require_all_entries(call: Call, response: Mapping[str, Any]) -> None:
    """Raise the error of the first entry that AWS did not take, if the call does not ignore it.

    It is raised as if the whole call had been refused: the entries that were taken are sent again.
    """
    for code, words in (search(call.refused, response) if call.refused else None) or ():
        error = {"Error": {"Code": code or "", "Message": words or ""}}
        metadata = {"ResponseMetadata": response.get("ResponseMetadata", {})}
        refusal = ClientError(cast("Any", error | metadata), call.operation)
        if not matches(refusal, call.ignore):
            raise refusal


def pick(outputs: Mapping[str, str], response: Mapping[str, Any]) -> Outputs:
    """Return the values at these JMESPaths, by name. Values that the response does not hold are left out."""
    found = {name: search(path, response) for name, path in outputs.items()}
    return {name: value for name, value in found.items() if value is not None}
