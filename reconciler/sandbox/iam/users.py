"""Users: their ids, their keys, and that a user who has keys cannot be deleted."""

from typing import Any

from moto.iam.exceptions import DeleteConflictException
from moto.iam.models import IAMBackend, User

from reconciler.sandbox.world import wrap


def install() -> None:
    wrap(User, "__init__", _name_user)
    wrap(IAMBackend, "delete_user", _delete_user)
    wrap(IAMBackend, "delete_access_key_by_name", _delete_key)


def is_deleted(iam: Any, key: str) -> bool:
    """Tell whether this access key was a user's, so that it is nobody's now."""
    return key in iam.__dict__.get("deleted_keys", ())


def _name_user(original: Any, user: Any, *args: Any, **kwargs: Any) -> None:
    original(user, *args, **kwargs)
    user.id = f"AIDA{user.id[4:].upper()}"  # IAM user guide, "IAM identifiers"


def _delete_user(original: Any, iam: Any, user_name: str) -> Any:
    if iam.get_user(user_name).access_keys:
        raise DeleteConflictException("Cannot delete entity, must delete access keys first.")
    if iam.get_groups_for_user(user_name):
        raise DeleteConflictException("Cannot delete entity, must remove users from group first.")
    return original(iam, user_name)


def _delete_key(original: Any, iam: Any, name: str) -> Any:
    iam.__dict__.setdefault("deleted_keys", set()).add(name)
    return original(iam, name)
