"""The author of a call as CloudTrail's `userIdentity` (its user guide, "CloudTrail userIdentity element")."""

from collections.abc import Mapping
from typing import Any

from reconciler.sandbox.callers import Caller, caller_in_role

Identity = Mapping[str, Any]


def identify(caller: Caller) -> Identity:
    """Return the identity of a caller."""
    common = {"type": caller.type, "principalId": caller.id, "arn": caller.arn, "accountId": caller.account}
    key = {"accessKeyId": caller.key} if caller.key else {}
    if caller.type == "IAMUser":
        return {**common, **key, "userName": caller.name}
    return {**common, **key, "sessionContext": _session(caller)} if caller.session else {**common, **key}


def _session(caller: Caller) -> Mapping[str, Any]:
    issuer = {
        "type": "Role",
        "principalId": caller.id.partition(":")[0],
        "arn": caller.issuer,
        "accountId": caller.account,
        "userName": caller.name,
    }
    return {"sessionIssuer": issuer, "attributes": {"mfaAuthenticated": "false"}}


def identify_service(role: str, host: str) -> Identity:
    """Return the identity of a service of AWS that acts by its service-linked role, given its ARN."""
    return {**identify(caller_in_role(role, host.partition(".")[0])), "invokedBy": host}


def display_name(identity: Identity) -> str:
    """Return the `Username` of an event: of a role, the name of the session."""
    if identity["type"] == "Root":
        return "root"
    return str(identity.get("userName") or identity["arn"].rpartition("/")[2])
