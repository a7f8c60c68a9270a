"""Roles and instance profiles as in IAM: names without case, dates, and what an update keeps."""

from typing import Any

from moto.iam.exceptions import EntityAlreadyExists, NotFoundException
from moto.iam.models import IAMBackend, Role
from moto.iam.responses import IamResponse

from reconciler.sandbox.ecs.rollout import last_deployment
from reconciler.sandbox.world import current, wrap


def install() -> None:
    wrap(Role, "__init__", _date_role)
    wrap(IAMBackend, "get_role", _get_role)
    wrap(IAMBackend, "create_role", _create_role)
    wrap(IAMBackend, "create_instance_profile", _create_instance_profile)
    wrap(IAMBackend, "get_instance_profiles_for_role", _find_profiles)
    wrap(IAMBackend, "remove_role_from_instance_profile", _remove_from_profile)
    wrap(IamResponse, "list_entities_for_policy", _list_entities)


def _date_role(original: Any, role: Any, *args: Any, **kwargs: Any) -> None:
    """Give a role a CreateDate in whole seconds, like IAM's, that is later than every earlier deployment."""
    original(role, *args, **kwargs)
    created = current().clock.date_after(last_deployment(role.account_id))
    role.create_date = created.replace(tzinfo=None)  # as moto's dates are


def _get_role(original: Any, iam: Any, role_name: str) -> Any:
    try:
        return original(iam, role_name)
    except NotFoundException:
        raise NotFoundException(f"The role with name {role_name} cannot be found.") from None


def _create_role(original: Any, iam: Any, role_name: str, *args: Any, **kwargs: Any) -> Any:
    if any(role.name.lower() == role_name.lower() for role in iam.get_roles()):
        raise EntityAlreadyExists(f"Role with name {role_name} already exists.")
    return original(iam, role_name, *args, **kwargs)


def _create_instance_profile(original: Any, iam: Any, name: str, *args: Any, **kwargs: Any) -> Any:
    if any(profile.name.lower() == name.lower() for profile in iam.get_instance_profiles()):
        raise EntityAlreadyExists(f"Instance Profile {name} already exists.")
    profile = original(iam, name, *args, **kwargs)
    profile.id = f"AIPA{profile.id[4:].upper()}"  # IAM user guide, "IAM identifiers"
    return profile


def _find_profiles(original: Any, iam: Any, role_name: str) -> Any:
    iam.get_role(role_name)
    return original(iam, role_name)


def _remove_from_profile(original: Any, iam: Any, profile_name: str, role_name: str) -> Any:
    role = iam.get_role(role_name)
    if role not in iam.get_instance_profile(profile_name).roles:
        raise NotFoundException(f"The role with name {role_name} is not in instance profile {profile_name}.")
    return original(iam, profile_name, role_name)


def _list_entities(original: Any, response: Any) -> Any:
    response.backend.get_policy(response._get_param("PolicyArn"))
    return original(response)
