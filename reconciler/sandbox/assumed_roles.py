"""STS as on AWS: a role is assumed if it is there, trusts a caller, and allows so long a session."""

import json
from typing import Any

from moto.iam import iam_backends
from moto.sts.models import STSBackend
from moto.sts.responses import TokenResponse

from reconciler.sandbox.callers import find_caller
from reconciler.sandbox.refusal import Refusal
from reconciler.sandbox.world import wrap

LONGEST = 3600  # seconds of a session, unless the role says otherwise


def install() -> None:
    wrap(STSBackend, "assume_role", _assume)
    wrap(TokenResponse, "get_session_token", _get_session_token)
    wrap(TokenResponse, "get_federation_token", _get_federation_token)


def _get_session_token(original: Any, response: Any) -> Any:
    """Give a user a key that is the user's own, too. moto's one is that of nobody, and so the root's."""
    caller, answer = find_caller(response), original(response)
    if caller.type == "IAMUser":
        key = iam_backends[caller.account][caller.partition].create_temp_access_key()
        key.user_name = caller.name
        answer.result["Credentials"] |= {
            "AccessKeyId": key.access_key_id,
            "SecretAccessKey": key.secret_access_key,
        }
    return answer


def _get_federation_token(original: Any, response: Any) -> Any:
    if find_caller(response).type != "Root":
        raise Refusal("AccessDenied", "The embedded AWS does not play sessions of federated users.")
    return original(response)


def _assume(
    original: Any, sts: Any, region_name: str, *, role_arn: str, duration: int | None = None, **rest: Any
) -> Any:
    """Assume a role that trusts a principal of an account. Which one it names is not looked at."""
    role = _find_role(role_arn)
    if role is None or not _trusts_callers(role):
        caller = f"arn:{role_arn.split(':')[1]}:iam::{sts.account_id}:root"
        message = f"User: {caller} is not authorized to perform: sts:AssumeRole on resource: {role_arn}"
        raise Refusal("AccessDenied", message)
    if (duration or LONGEST) > int(role.max_session_duration or LONGEST):
        message = "The requested DurationSeconds exceeds the MaxSessionDuration set for this role."
        raise Refusal("ValidationError", message)
    return original(sts, region_name, role_arn=role_arn, duration=duration, **rest)


def _find_role(arn: str) -> Any:
    parts = arn.split(":", 5)
    if len(parts) < 6 or not parts[5].startswith("role/"):  # noqa: PLR2004 (the parts of an ARN)
        raise Refusal("ValidationError", f"{arn} is invalid")
    return next((role for role in iam_backends[parts[4]][parts[1]].roles.values() if role.arn == arn), None)


def _trusts_callers(role: Any) -> bool:
    """Tell whether the trust policy allows it to anybody, or to a principal that is no service."""
    statements = json.loads(role.assume_role_policy_document).get("Statement", [])
    for statement in statements if isinstance(statements, list) else [statements]:
        principal = statement.get("Principal")
        if statement.get("Effect") == "Allow" and (
            principal == "*" or {"AWS", "Federated"} & {*(principal or ())}
        ):
            return True
    return False
