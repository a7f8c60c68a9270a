"""Permissions boundaries of roles, which are present policies, or what a file names."""

from typing import Any

from moto.iam.exceptions import InvalidInput, NotFoundException
from moto.iam.models import IAMBackend

from reconciler.sandbox.iam.policies import POLICY_ARN, refuse_service_policies
from reconciler.sandbox.world import current, wrap


def install() -> None:
    wrap(IAMBackend, "create_role", _create_role)
    wrap(IAMBackend, "put_role_permissions_boundary", _put_boundary)


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
