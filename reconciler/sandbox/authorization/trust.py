"""Whether a role lets a caller assume it: the caller itself, or its account (IAM user guide, "Principal")."""

from typing import Any, Literal

from moto.iam import iam_backends

from reconciler.sandbox.authorization.conditions import is_met
from reconciler.sandbox.authorization.decisions import Decision, Request
from reconciler.sandbox.authorization.documents import Statement, read_document
from reconciler.sandbox.authorization.patterns import Keys
from reconciler.sandbox.callers import Caller

Trust = Literal["caller", "account", "nobody"]
"""Whom a role trusts: the caller, whose policies need not allow it then; its account, whose policies must."""


def judge_assuming(caller: Caller, request: Request, by_policies: Decision | None) -> Decision | None:
    """Return the decision against assuming a role, given what the caller's policies say; None: it may."""
    arn = request.targets[0].arn
    roles = iam_backends[caller.account][caller.partition].roles.values()
    role = next((role for role in roles if role.arn == arn), None)
    trust = trust_of(role, caller, request.keys) if role else "nobody"
    if by_policies and (trust != "caller" or by_policies.is_explicit):
        return by_policies
    return Decision(False, request.action, arn) if trust == "nobody" else None


def trust_of(role: Any, caller: Caller, keys: Keys) -> Trust:
    """Return how the role's trust policy lets this caller assume it."""
    account = {caller.account, f"arn:{caller.partition}:iam::{caller.account}:root"}
    own = {caller.arn, caller.issuer, "*"} - {""}
    statements = read_document(role.assume_role_policy_document)
    spoken = [
        (statement.allows, {value for kind, value in statement.principals if kind == "AWS"})
        for statement in statements
        if _is_of_assuming(statement) and all(is_met(condition, keys) for condition in statement.conditions)
    ]
    if any(not allows and named & (own | account) for allows, named in spoken):
        return "nobody"
    if any(allows and named & own for allows, named in spoken):
        return "caller"
    return "account" if any(allows and named & account for allows, named in spoken) else "nobody"


def _is_of_assuming(statement: Statement) -> bool:
    return any(action.lower() in ("sts:assumerole", "sts:*", "*") for action in statement.actions)
