"""One try of a call."""

from collections.abc import Mapping
from typing import Any

import structlog
from botocore.exceptions import ClientError

from reconciler.aws.blockers import Client
from reconciler.aws.errors import ALREADY_EXISTS, matches, matching, message
from reconciler.aws.jmes import search
from reconciler.model.steps import Answer, Call, Held, NotYet, Outputs, Warned

log = structlog.get_logger()


def attempt_call(client: Client, call: Call) -> Answer:
    try:
        response = getattr(client(call.service), call.operation)(**call.params)
    except ClientError as e:
        if matches(e, call.hold):
            return Held(message(e), str(call.remedy))
        if refusal := matching(e, call.retry):
            return NotYet(e, patience=refusal.patience)
        if matches(e, ALREADY_EXISTS) and not matches(e, call.ignore):
            return NotYet(e, answer_lost=True)
        if not matches(e, call.ignore):
            raise
        response = e.response
    if not call.reads:
        log.info("called", step=call.title)
    outputs = pick(call.outputs, response)
    warnings = search(call.warnings, response) if call.warnings else None
    return Warned(outputs, tuple(warnings)) if warnings else outputs


def pick(outputs: Mapping[str, str], response: Mapping[str, Any]) -> Outputs:
    """The named values in the response; those that it does not hold are left out."""
    found = {name: search(path, response) for name, path in outputs.items()}
    return {name: value for name, value in found.items() if value is not None}
