"""Lag of the lists of a role's inline policies (cdkd#924)."""

from typing import Any

from moto.iam.models import IAMBackend

from reconciler.sandbox.lag.former import as_before, change, find_former
from reconciler.sandbox.world import wrap


def install() -> None:
    wrap(IAMBackend, "put_role_policy", _change_policies)
    wrap(IAMBackend, "delete_role_policy", _change_policies)
    wrap(IAMBackend, "list_role_policies", _list_policies)
    wrap(IAMBackend, "get_account_authorization_details", _get_details)


def _change_policies(original: Any, iam: Any, role_name: str, *args: Any, **kwargs: Any) -> Any:
    role = next((role for role in iam.roles.values() if role.name == role_name), None)
    return change(iam, "policies", role_name, role, lambda: original(iam, role_name, *args, **kwargs))


def _list_policies(original: Any, iam: Any, role_name: str) -> Any:
    names = original(iam, role_name)
    former = find_former(iam, "policies", role_name)
    return [*former["policies"]] if former and "policies" in former else names


def _get_details(original: Any, iam: Any, policy_filter: list[str]) -> Any:
    details = original(iam, policy_filter)
    return {**details, "roles": [as_before(iam, "policies", role.name, role) for role in details["roles"]]}
