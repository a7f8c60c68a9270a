"""Who makes a call: the user or the session that its access key is of, or else the account's root.

A key that IAM made is its user's, and one that STS made its session's. Every other key, such as those that
clients need to sign at all, is the root's of the account, which may do everything. Secret keys are not checked.
"""

import re
from dataclasses import dataclass, replace
from typing import Any, Literal

from moto.iam import iam_backends
from moto.sts.models import AssumedRole, STSBackend, sts_backends

from reconciler.sandbox.iam.users import is_deleted
from reconciler.sandbox.world import add

_KEY = re.compile(r"Credential=([^/\s,]+)/")
_SESSION = 3600  # seconds


@dataclass(frozen=True)
class Caller:
    """A principal, with what CloudTrail's `userIdentity` tells of one (its user guide)."""

    type: Literal["Root", "IAMUser", "AssumedRole"]
    account: str
    partition: str
    arn: str
    """As GetCallerIdentity and refusals tell it: `…user/alice`, `…assumed-role/ROLE/SESSION`, `…root`."""
    id: str
    """`principalId`: the account, the id of the user, or `ROLE-ID:SESSION`."""
    name: str = ""
    """Of the user or the role; empty for the root."""
    session: str = ""
    """The name of a role's session, which whoever began it has chosen."""
    issuer: str = ""
    """The ARN of the session's role, with its path."""
    key: str = ""
    """The access key; empty for a service that acts in a role."""
    is_valid: bool = True
    """False: the key was deleted or deactivated, or the session's role is no more. AWS refuses it."""


def install() -> None:
    add(STSBackend, "get_caller_identity", _identify)


def find_caller(response: Any) -> Caller:
    """Return who makes the call that this moto response answers."""
    found = _KEY.search(str(response.headers.get("Authorization", "")))
    return caller_with(found[1] if found else "", response.current_account, response.partition)


def caller_with(key: str, account: str, partition: str) -> Caller:
    """Return whose this access key is; the root's if neither IAM nor STS has made it."""
    iam = iam_backends[account][partition]
    known = iam.access_keys.get(key)
    if known is None:
        arn = f"arn:{partition}:iam::{account}:root"
        return Caller("Root", account, partition, arn, account, key=key, is_valid=not is_deleted(iam, key))
    if known.user_name:
        user, active = iam.get_user(known.user_name), known.status == "Active"
        return Caller("IAMUser", account, partition, user.arn, user.id, user.name, key=key, is_valid=active)
    assumed = sts_backends[account][partition].get_assumed_role_from_access_key(key)
    return replace(caller_in_role(assumed.role_arn, assumed.session_name), key=key)


def caller_in_role(arn: str, session: str) -> Caller:
    """Return the principal of a role's session, also of one that a service has without any access key."""
    _, partition, _, _, account, resource = arn.split(":", 5)
    name = resource.rpartition("/")[2]
    roles = iam_backends[account][partition].roles.values()
    own_id = next((role.id for role in roles if role.arn == arn), "")
    own = f"arn:{partition}:sts::{account}:assumed-role/{name}/{session}"
    principal = f"{own_id}:{session}"
    return Caller("AssumedRole", account, partition, own, principal, name, session, arn, is_valid=bool(own_id))


def begin_session(arn: str, session: str) -> dict[str, str]:
    """Begin a session of a role as ECS does for a task, whoever the role trusts; return boto3's keys of it."""
    _, partition, _, _, account, _ = arn.split(":", 5)
    key = iam_backends[account][partition].create_temp_access_key()
    key.role_arn = arn
    made = AssumedRole(account, partition, key, session, arn, "", _SESSION, "")
    sts_backends[account][partition].assumed_roles.append(made)
    return {
        "aws_access_key_id": made.access_key_id,
        "aws_secret_access_key": made.secret_access_key,
        "aws_session_token": made.session_token,
    }


def _identify(sts: Any, access_key_id: str, _region: str) -> tuple[str, str, str]:
    """Tell who calls. moto tells a user `moto` of keys that it does not know."""
    caller = caller_with(access_key_id, sts.account_id, sts.partition)
    return caller.id, caller.arn, caller.account
