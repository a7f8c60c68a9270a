"""Policies: documents, names without case, and what may be attached or deleted."""

import json
import re
from collections.abc import Callable
from typing import Any

from moto.core import errors
from moto.iam.exceptions import (
    DeleteConflictException,
    EntityAlreadyExists,
    InvalidInput,
    MalformedPolicyDocument,
)
from moto.iam.models import IAMBackend

from reconciler.sandbox.refusal import Refusal
from reconciler.sandbox.world import wrap

POLICY_ARN = re.compile(r"arn:[a-z-]+:iam::(aws|\d{12}):policy/.+")


def install() -> None:
    if "AccessDenied" not in errors.COMMON_ERROR_CODES:
        errors.COMMON_ERROR_CODES.append("AccessDenied")  # or moto warns that no model has it
    for name in _BY_ARN:
        wrap(IAMBackend, name, _check_arn)
    for name in _CHANGES:
        wrap(IAMBackend, name, _of_this_account)
    wrap(IAMBackend, "put_role_policy", _put_role_policy)
    wrap(IAMBackend, "create_policy", _create_policy)
    wrap(IAMBackend, "get_policy", _get_policy)
    wrap(IAMBackend, "delete_policy", _delete_policy)
    wrap(IAMBackend, "list_policy_versions", _newest_first)
    wrap(IAMBackend, "attach_role_policy", _attach_role_policy)


_BY_ARN = (
    "get_policy",
    "get_policy_version",
    "list_policy_versions",
    "create_policy_version",
    "delete_policy_version",
    "set_default_policy_version",
    "attach_role_policy",
    "detach_role_policy",
    "delete_policy",
    "tag_policy",
    "untag_policy",
    "list_policy_tags",
)
_CHANGES = (
    "create_policy_version",
    "delete_policy_version",
    "set_default_policy_version",
    "delete_policy",
    "tag_policy",
    "untag_policy",
)


def _check_arn(original: Callable[..., Any], iam: Any, policy_arn: str, *args: Any, **kwargs: Any) -> Any:
    if not POLICY_ARN.fullmatch(policy_arn):
        raise InvalidInput(f"ARN {policy_arn} is not valid.")
    return original(iam, policy_arn, *args, **kwargs)


def _newest_first(original: Callable[..., Any], iam: Any, policy_arn: str) -> list[Any]:
    """Return the versions from the latest to the first (AWS CLI reference, list-policy-versions)."""
    return list(reversed(original(iam, policy_arn)))


def _of_this_account(original: Callable[..., Any], iam: Any, policy_arn: str, *args: Any, **kwargs: Any) -> Any:
    """Refuse to change a policy of AWS itself."""
    if ":iam::aws:" in policy_arn:
        raise Refusal("AccessDenied", f"You are not authorized to change the policy {policy_arn}")
    return original(iam, policy_arn, *args, **kwargs)


def check_identity_policy(document: str) -> None:
    """Refuse a document of a role or a managed policy that names a principal; moto checks the rest."""
    try:
        statements = json.loads(document)["Statement"]
    except (ValueError, KeyError, TypeError):
        return  # moto refuses it
    for statement in statements if isinstance(statements, list) else [statements]:
        if isinstance(statement, dict) and {"Principal", "NotPrincipal"} & {*statement}:
            raise MalformedPolicyDocument("Policy document should not specify a principal.")


def _put_role_policy(original: Any, iam: Any, role_name: str, policy_name: str, policy_json: str) -> Any:
    iam.get_role(role_name)
    check_identity_policy(policy_json)
    return original(iam, role_name, policy_name, policy_json)


def _create_policy(
    original: Any, iam: Any, description: str, path: str, policy_document: str, policy_name: str, tags: Any
) -> Any:
    own = [policy for policy in iam.managed_policies.values() if f"::{iam.account_id}:" in policy.arn]
    if any(policy.name.lower() == policy_name.lower() for policy in own):
        raise EntityAlreadyExists(
            f"A policy called {policy_name} already exists. Duplicate names are not allowed."
        )
    check_identity_policy(policy_document)
    policy = original(iam, description, path, policy_document, policy_name, tags)
    policy.id = f"ANPA{policy.id[4:]}"  # IAM user guide, "IAM identifiers"
    return policy


def _get_policy(original: Any, iam: Any, policy_arn: str) -> Any:
    policy = original(iam, policy_arn)
    policy.permissions_boundary_usage_count = _count_bounded(iam, policy_arn)
    return policy


def _count_bounded(iam: Any, policy_arn: str) -> int:
    """Count the roles whose permissions boundary the policy is."""
    return [role.permissions_boundary_arn for role in iam.get_roles()].count(policy_arn)


def _delete_policy(original: Any, iam: Any, policy_arn: str) -> Any:
    policy = iam.get_policy(policy_arn)
    holders = [*iam.roles.values(), *iam.users.values(), *iam.groups.values()]
    if any(policy_arn in holder.managed_policies for holder in holders) or _count_bounded(iam, policy_arn):
        raise DeleteConflictException("Cannot delete a policy attached to entities.")
    if len(policy.versions) > 1:
        message = (
            "This policy has more than one version. Before you delete a policy, you must delete the policy's versions. "
            "The default version is deleted with the policy."
        )
        raise DeleteConflictException(message)
    return original(iam, policy_arn)


def _attach_role_policy(original: Any, iam: Any, policy_arn: str, role_name: str) -> Any:
    """Attach a policy. One that is attached already is not counted again."""
    attached = iam.get_role(role_name).managed_policies
    refuse_service_policies(policy_arn)
    return None if policy_arn in attached else original(iam, policy_arn, role_name)


def refuse_service_policies(policy_arn: str) -> None:
    """Refuse a policy that only AWS attaches, to its own roles."""
    if ":policy/aws-service-role/" in policy_arn:
        raise Refusal("PolicyNotAttachable", "Cannot attach a Service Role Policy to a Customer Role.")
