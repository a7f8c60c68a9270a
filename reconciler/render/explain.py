"""An error in words for people: what AWS said, what is likely behind it, and what to do."""

import re
from dataclasses import dataclass

from botocore import xform_name
from botocore.exceptions import BotoCoreError, ClientError

from reconciler.aws.errors import code, message, request_id
from reconciler.aws.iam_actions import iam_action
from reconciler.errors import ReadFailed
from reconciler.render.causes import CAUSES

DENIED = frozenset({"AccessDenied", "UnauthorizedOperation", "AuthorizationError", "Forbidden"})
_ACTION = re.compile(r"perform:? ([a-z0-9-]+:[A-Za-z]+)")


@dataclass(frozen=True)
class Explanation:
    """An error. `cause`, `remedy` and `logs` are empty where nothing is known."""

    code: str
    message: str
    request_id: str | None = None
    cause: str = ""
    remedy: str = ""
    logs: str = ""  # the command that shows them


def explain(error: BaseException, service: str = "") -> Explanation:
    """What is known of an error; `service` as boto3 calls it, if the error does not tell."""
    root = error.__cause__ if isinstance(error.__cause__, ClientError | BotoCoreError) else error
    operation = root.operation_name if isinstance(root, ClientError) else ""
    if isinstance(error, ReadFailed) and error.service:
        service = error.service
    cause, remedy = _cause(code(root), message(root), service, operation)
    return Explanation(code(root), message(error), request_id(root), cause, remedy)


def _cause(said: str, words: str, service: str, operation: str) -> tuple[str, str]:
    if said.removesuffix("Exception") in DENIED:
        return "these credentials may not do that", f"allow {_action(words, service, operation)} to them"
    for known in CAUSES:
        if (
            known.code in ("", said.removesuffix("Exception"))
            and known.says.lower() in words.lower()
            and xform_name(operation).startswith(known.operation)
        ):
            return known.cause, known.remedy
    return "", ""


def _action(words: str, service: str, operation: str) -> str:
    """`ecs:CreateService`: as AWS says it, or as the call is called."""
    if found := _ACTION.search(words):
        return found[1]
    return iam_action(service, operation) if service else operation
