"""Service-linked roles: names as AWS gives them, made once, and changed and deleted by AWS only."""

import re
from collections.abc import Callable
from typing import Any

from moto.iam import iam_backends, models
from moto.iam.exceptions import InvalidInput, NotFoundException
from moto.iam.models import IAMBackend
from moto.iam.responses import IamResponse

from reconciler.sandbox.refusal import Refusal
from reconciler.sandbox.world import add, wrap

# What moto would call them -> what AWS calls them (each service's guide, "Using service-linked roles").
_NAMES = {
    "ecs": "ECS",
    "elasticloadbalancing": "ElasticLoadBalancing",
    "dynamodb": "DynamoDB",
    "rds": "RDS",
    "elasticache": "ElastiCache",
    "ecr": "ECR",
}
_SCALING = "ecs.application-autoscaling.amazonaws.com"
_CHANGES = {  # the method of moto's backend, and the position of its parameter for the role's name
    "put_role_policy": 0,
    "delete_role_policy": 0,
    "put_role_permissions_boundary": 0,
    "delete_role_permissions_boundary": 0,
    "update_assume_role_policy": 0,
    "delete_role": 0,
    "attach_role_policy": 1,
    "detach_role_policy": 1,
    "add_role_to_instance_profile": 1,
}


def install() -> None:
    models.SERVICE_NAME_CONVERSION |= _NAMES
    for name in _CHANGES:
        wrap(IAMBackend, name, _AROUND[name])
    wrap(IAMBackend, "update_role", _update_role)
    wrap(IAMBackend, "create_service_linked_role", _create)
    add(IAMBackend, "delete_service_linked_role", _delete)
    wrap(IamResponse, "get_service_linked_role_deletion_status", _get_deletion_status)


def _refuse_for_linked(position: int) -> Callable[..., Any]:
    def around(original: Any, iam: Any, *args: Any, **kwargs: Any) -> Any:
        _check_modifiable(iam.get_role(kwargs["role_name"] if "role_name" in kwargs else args[position]))
        return original(iam, *args, **kwargs)

    return around


_AROUND = {name: _refuse_for_linked(position) for name, position in _CHANGES.items()}


def _is_linked(role: Any) -> bool:
    return str(role.path).startswith("/aws-service-role/")


def _check_modifiable(role: Any) -> None:
    if _is_linked(role):
        message = f"Cannot perform the operation on the protected role '{role.name}' - this role is only modifiable by AWS"
        raise Refusal("UnmodifiableEntity", message)


def _update_role(
    original: Any, iam: Any, role_name: str, role_description: str | None, max_session_duration: str | None
) -> Any:
    """Change the description, also that of a service-linked role, or the longest session, which AWS guards."""
    if max_session_duration:
        _check_modifiable(iam.get_role(role_name))
    return original(iam, role_name, role_description, max_session_duration)


def _create(original: Any, iam: Any, service_name: str, description: str, suffix: str) -> Any:
    if not re.fullmatch(r"[a-z0-9-]+(\.[a-z0-9-]+)*\.amazonaws\.com(\.cn)?", service_name):
        raise InvalidInput(f"Service role names must be those of a service: {service_name}")
    path = f"/aws-service-role/{service_name}/"
    if suffix and service_name in ("ecs.amazonaws.com", "elasticloadbalancing.amazonaws.com", _SCALING):
        raise InvalidInput(f"Custom suffix is not allowed for {service_name}")
    for role in iam.get_roles():
        if role.path == path and role.name.endswith(f"_{suffix}" if suffix else ""):
            message = (
                f"Service role name {role.name} has been taken in this account, please try a different suffix."
            )
            raise InvalidInput(message)
    role = original(iam, service_name, description, suffix)
    if service_name == _SCALING:
        role.name = "AWSServiceRoleForApplicationAutoScaling_ECSService"
    return role


def make_linked_role(account: str, partition: str, service_name: str) -> None:
    """Make the role of a service, as it does itself with its first resource in the account, if there is none.

    (The guides of ECS, Elastic Load Balancing and Application Auto Scaling, "service-linked roles".)
    """
    iam = iam_backends[account][partition]
    if not any(role.path == f"/aws-service-role/{service_name}/" for role in iam.roles.values()):
        iam.create_service_linked_role(service_name, "", "").made_by_service = True


def _delete(iam: Any, role_name: str) -> str:
    """Delete a service-linked role at once, and return the id of the deletion."""
    role = iam.get_role(role_name)
    if not _is_linked(role):
        raise NotFoundException(f"The service-linked role with name {role_name} cannot be found.")
    del iam.roles[role.id]
    deletion = f"task{role.path}{role_name}/{role.id.lower()}"
    iam.__dict__.setdefault("deletions", set()).add(deletion)
    return deletion


def _get_deletion_status(original: Any, response: Any) -> Any:
    deletion = response._get_param("DeletionTaskId")
    if deletion not in response.backend.__dict__.get("deletions", ()):
        raise NotFoundException(f"The deletion task {deletion} cannot be found.")
    return original(response)
