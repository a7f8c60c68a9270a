"""Permissions boundaries of roles, which are present policies, or what a file names."""

from typing import Any

from moto.iam.exceptions import InvalidInput, NotFoundException
from moto.iam.models import IAMBackend, Role

from reconciler.sandbox.iam.policies import POLICY_ARN, refuse_service_policies
from reconciler.sandbox.world import add, current, wrap


def install() -> None:
    wrap(IAMBackend, "create_role", _create_role)
    wrap(IAMBackend, "put_role_permissions_boundary", _put_boundary)
    wrap(IAMBackend, "create_policy", _count_uses)
    wrap(IAMBackend, "get_policy", _count_uses)
    wrap(IAMBackend, "list_policies", _count_uses_of_all)
    add(Role, "permissions_boundary", property(_told))


def _create_role(
    original: Any,
    iam: Any,
    role_name: str,
    assume_role_policy_document: str,
    path: str,
    permissions_boundary: str | None,
    *args: Any,
    **kwargs: Any,
) -> Any:
    if permissions_boundary:
        _check_boundary(iam, permissions_boundary)
    return original(iam, role_name, assume_role_policy_document, path, permissions_boundary, *args, **kwargs)


def _put_boundary(original: Any, iam: Any, role_name: str, permissions_boundary: str) -> Any:
    iam.get_role(role_name)
    _check_boundary(iam, permissions_boundary)
    return original(iam, role_name, permissions_boundary)


def _check_boundary(iam: Any, arn: str) -> None:
    """Refuse a boundary that is no policy, is absent, or is one that only AWS attaches."""
    if arn in current().given:
        return
    if not POLICY_ARN.fullmatch(arn):
        raise InvalidInput(f"ARN {arn} is not valid.")
    refuse_service_policies(arn)
    try:
        iam.get_policy(arn)
    except NotFoundException:
        message = f"Scope ARN: {arn} does not exist or is not attachable."
        raise NotFoundException(message) from None


def _told(role: Any) -> dict[str, str] | None:
    """Return a role's boundary as AWS tells it, with the type `Policy` (IAM API reference)."""
    arn = role.permissions_boundary_arn
    return {"PermissionsBoundaryType": "Policy", "PermissionsBoundaryArn": arn} if arn else None


def _count_uses(original: Any, iam: Any, *args: Any, **kwargs: Any) -> Any:
    policy = original(iam, *args, **kwargs)
    _set_uses(iam, policy)
    return policy


def _count_uses_of_all(original: Any, iam: Any, *args: Any, **kwargs: Any) -> Any:
    policies, marker = original(iam, *args, **kwargs)
    for policy in policies:
        _set_uses(iam, policy)
    return policies, marker


def _set_uses(iam: Any, policy: Any) -> None:
    """Set how many roles have the policy as their boundary, which GetPolicy and ListPolicies tell."""
    uses = sum(role.permissions_boundary_arn == policy.arn for role in iam.roles.values())
    policy.permissions_boundary_usage_count = uses
