"""Roles and policies as in IAM: case-insensitive names, checked documents, quotas, refused deletes."""

import json
import re
from typing import Any

from moto.iam.exceptions import (
    DeleteConflictException,
    EntityAlreadyExists,
    LimitExceededException,
    MalformedPolicyDocument,
)
from moto.iam.models import IAMBackend, Role
from moto.iam.policy_validation import IAMTrustPolicyDocumentValidator

from reconciler.sandbox.ecs.rollout import last_deployment
from reconciler.sandbox.world import current, wrap

ATTACHED_LIMIT = 10  # managed policies of a role
INLINE_LIMIT = 10_240  # characters of all inline policies of a role, blanks not counted


def install() -> None:
    wrap(Role, "__init__", _date_role)
    wrap(IAMBackend, "create_role", _create_role)
    wrap(IAMBackend, "update_assume_role_policy", _update_trust)
    wrap(IAMBackend, "put_role_policy", _put_role_policy)
    wrap(IAMBackend, "attach_role_policy", _attach_role_policy)
    wrap(IAMBackend, "create_policy", _create_policy)
    wrap(IAMBackend, "delete_policy", _delete_policy)


def _date_role(original: Any, role: Any, *args: Any, **kwargs: Any) -> None:
    """Give a role a CreateDate in whole seconds, like IAM's, that is later than every earlier deployment."""
    original(role, *args, **kwargs)
    created = current().clock.date_after(last_deployment(role.account_id))
    role.create_date = created.replace(tzinfo=None)  # as moto's dates are


def _create_role(
    original: Any, iam: Any, role_name: str, assume_role_policy_document: str, *args: Any, **kwargs: Any
) -> Any:
    if any(role.name.lower() == role_name.lower() for role in iam.get_roles()):
        raise EntityAlreadyExists(f"Role with name {role_name} already exists.")
    _check_trust(iam, assume_role_policy_document)
    return original(iam, role_name, assume_role_policy_document, *args, **kwargs)


def _update_trust(original: Any, iam: Any, role_name: str, policy_document: str) -> Any:
    _check_trust(iam, policy_document)
    return original(iam, role_name, policy_document)


def _check_trust(iam: Any, document: str) -> None:
    try:
        parsed = json.loads(document)
    except ValueError:
        raise MalformedPolicyDocument("This policy contains invalid Json") from None
    IAMTrustPolicyDocumentValidator(document).validate()
    statements = parsed["Statement"] if isinstance(parsed["Statement"], list) else [parsed["Statement"]]
    for statement in statements:
        if not statement.get("Principal") and not statement.get("NotPrincipal"):
            raise MalformedPolicyDocument("Missing required field Principal cannot be empty!")
        _check_principals(iam, statement.get("Principal"))


def _check_principals(iam: Any, principal: Any) -> None:
    """Refuse a principal that is an absent role or user of this account (terraform: propagation)."""
    named = principal.get("AWS", []) if isinstance(principal, dict) else []
    for arn in [named] if isinstance(named, str) else named:
        of_account = re.fullmatch(rf"arn:[\w-]+:iam::{iam.account_id}:(role|user)/.+", arn)
        known = {role.arn for role in iam.get_roles()} | {user.arn for user in iam.users.values()}
        if of_account and arn not in known:
            raise MalformedPolicyDocument(f'Invalid principal in policy: "AWS":"{arn}"')


def _put_role_policy(original: Any, iam: Any, role_name: str, policy_name: str, policy_json: str) -> Any:
    role = iam.get_role(role_name)
    texts = {**role.policies, policy_name: policy_json}.values()
    if sum(len(re.sub(r"\s", "", text)) for text in texts) > INLINE_LIMIT:
        message = f"Maximum policy size of {INLINE_LIMIT} bytes exceeded for role {role_name}"
        raise LimitExceededException(message)
    return original(iam, role_name, policy_name, policy_json)


def _attach_role_policy(original: Any, iam: Any, policy_arn: str, role_name: str) -> Any:
    attached = set(iam.get_role(role_name).managed_policies) | {policy_arn}
    if len(attached) > ATTACHED_LIMIT:
        raise LimitExceededException(f"Cannot exceed quota for PoliciesPerRole: {ATTACHED_LIMIT}")
    return original(iam, policy_arn, role_name)


def _create_policy(
    original: Any, iam: Any, description: str, path: str, policy_document: str, policy_name: str, tags: Any
) -> Any:
    own = [policy for policy in iam.managed_policies.values() if f"::{iam.account_id}:" in policy.arn]
    if any(policy.name.lower() == policy_name.lower() for policy in own):
        raise EntityAlreadyExists(
            f"A policy called {policy_name} already exists. Duplicate names are not allowed."
        )
    return original(iam, description, path, policy_document, policy_name, tags)


def _delete_policy(original: Any, iam: Any, policy_arn: str) -> Any:
    policy = iam.get_policy(policy_arn)
    holders = [*iam.roles.values(), *iam.users.values(), *iam.groups.values()]
    if any(policy_arn in holder.managed_policies for holder in holders):
        raise DeleteConflictException("Cannot delete a policy attached to entities.")
    if len(policy.versions) > 1:
        message = (
            "This policy has more than one version. Before you delete a policy, you must delete the policy's versions. "
            "The default version is deleted with the policy."
        )
        raise DeleteConflictException(message)
    return original(iam, policy_arn)
