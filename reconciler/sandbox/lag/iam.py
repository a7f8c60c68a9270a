"""Lag in IAM: reads miss a new role."""

from typing import Any

from moto.iam.exceptions import NotFoundException
from moto.iam.models import IAMBackend
from moto.iam.responses import IamResponse

from reconciler.sandbox.lag.freshness import make_fresh, read_misses
from reconciler.sandbox.world import wrap


def install() -> None:
    wrap(IAMBackend, "create_role", _create_fresh_role)
    wrap(IamResponse, "get_role", _get_role)
    wrap(IAMBackend, "list_roles", _list_roles)
    wrap(IAMBackend, "get_account_authorization_details", _get_details)


def _create_fresh_role(original: Any, iam: Any, role_name: str, *args: Any, **kwargs: Any) -> Any:
    role = original(iam, role_name, *args, **kwargs)
    make_fresh(iam, "role", role_name)
    return role


def _get_role(original: Any, response: Any) -> Any:
    """Answer GetRole, which may miss a fresh role.

    Only the response of this call is patched: moto's backend looks the role up in all other calls too, and
    clients would take the error of a delete for success.
    """
    name = response._get_param("RoleName")
    if read_misses(response.backend, "role", name):
        raise NotFoundException(f"The role with name {name} cannot be found.")
    return original(response)


def _list_roles(original: Any, iam: Any, *args: Any, **kwargs: Any) -> Any:
    roles, marker = original(iam, *args, **kwargs)
    return [role for role in roles if not read_misses(iam, "role", role.name)], marker


def _get_details(original: Any, iam: Any, policy_filter: list[str]) -> Any:
    details = original(iam, policy_filter)
    return {**details, "roles": [role for role in details["roles"] if not read_misses(iam, "role", role.name)]}
