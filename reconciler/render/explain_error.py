"""Explain an error: AWS's message, its likely cause, and the remedy."""

from collections.abc import Collection
from dataclasses import dataclass

from botocore import xform_name
from botocore.exceptions import BotoCoreError, ClientError
from botocore.parsers import ResponseParserError

from desired_state.secrecy import hide_known
from reconciler.aws.errors import code, message, request_id
from reconciler.errors import ReadFailed
from reconciler.render.denied import explain_denied
from reconciler.render.error_causes import CAUSES

ACCESS_DENIED = frozenset({"AccessDenied", "UnauthorizedOperation", "AuthorizationError", "Forbidden"})


@dataclass(frozen=True)
class Explanation:
    """An error with its likely cause and remedy; these and `logs` are empty if not known."""

    code: str
    message: str
    request_id: str | None = None
    cause: str = ""
    remedy: str = ""
    logs: str = ""  # the command that shows them


def explain_error(
    error: BaseException, service: str = "", secrets: Collection[str] = frozenset()
) -> Explanation:
    """Explain an error. `service` is boto3's name of the called service, for errors that do not hold it.

    The message is shown without `secrets`, which AWS may repeat, and without those that its form shows.
    """
    known = ClientError | BotoCoreError | ResponseParserError
    root = error.__cause__ if isinstance(error.__cause__, known) else error
    operation = root.operation_name if isinstance(root, ClientError) else ""
    if isinstance(error, ReadFailed) and error.service:
        service = error.service
    cause, remedy = _find_cause(code(root), message(root), service, operation)
    return Explanation(code(root), hide_known(message(error), secrets), request_id(root), cause, remedy)


def _find_cause(error_code: str, text: str, service: str, operation: str) -> tuple[str, str]:
    """Return the likely cause and its remedy, both empty where none is known."""
    error_code = error_code.removesuffix("Exception")
    if error_code in ACCESS_DENIED:
        return explain_denied(text, service, operation)
    for known in CAUSES:
        if (
            known.code in ("", error_code)
            and known.says.lower() in text.lower()
            and xform_name(operation).startswith(known.operation)
        ):
            return known.cause, known.remedy
    return "", ""
