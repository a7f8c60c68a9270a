"""Find the unmet needs of a task besides its image: assumable roles, permissions, ways out.

They are checked only if the profile has `needs`. The reasons are AWS's (ECS developer guide, stopped tasks
error messages). Roles and policies that are too new stop a service's tasks and refuse RunTask.
"""

import json
from collections.abc import Iterator
from typing import Any

from moto.iam import iam_backends
from moto.iam.models import IAMBackend

from reconciler.sandbox.ecs.model import Task
from reconciler.sandbox.ecs.permissions import find_refusal, required_actions
from reconciler.sandbox.ecs.secrets import malformed_secrets
from reconciler.sandbox.ecs.ways_out import blocked_ways
from reconciler.sandbox.iam.propagation import draw_time_in_force
from reconciler.sandbox.world import wrap

_PRINCIPAL = "ecs-tasks.amazonaws.com"


def install() -> None:
    wrap(IAMBackend, "put_role_policy", _put_role_policy)
    wrap(IAMBackend, "attach_role_policy", _attach_role_policy)


def _put_role_policy(original: Any, iam: Any, role_name: str, policy_name: str, policy_json: str) -> Any:
    role = iam.get_role(role_name)
    same = role.policies.get(policy_name) == policy_json
    answer = original(iam, role_name, policy_name, policy_json)
    if not same:
        role.permitted_at = draw_time_in_force("policy")
    return answer


def _attach_role_policy(original: Any, iam: Any, policy_arn: str, role_name: str) -> Any:
    role = iam.get_role(role_name)
    same = policy_arn in role.managed_policies
    answer = original(iam, policy_arn, role_name)
    if not same:
        role.permitted_at = draw_time_in_force("policy")
    return answer


def unmet_needs(task: Task) -> Iterator[str]:
    """Yield the reasons why the task cannot start, in the order in which ECS would meet them."""
    yield from unassumable_roles(task.definition, task.created)
    if task.network:
        yield from blocked_ways(task)
    for container in task.definition.container_definitions:
        yield from malformed_secrets(container)
    yield from _denied_actions(task)


def unassumable_roles(definition: Any, at: float) -> Iterator[str]:
    """Yield the reason for each role of the definition that ECS cannot assume for a task at this moment."""
    for name in ("task_role_arn", "execution_role_arn"):
        arn = getattr(definition, name, None)
        if arn and assumable_role(arn, at) is None:
            yield (
                f"ECS was unable to assume the role '{arn}' that was provided for this task. Please verify that the "
                "role being passed has the proper trust relationship and permissions and that your IAM user has "
                "permissions to pass this role."
            )


def assumable_role(arn: str, at: float) -> Any:
    """Return the role if it trusts ECS and was in force everywhere at this moment; None otherwise."""
    if not arn.startswith("arn:"):
        return None
    _, partition, _, _, account, _ = arn.split(":", 5)
    role = next((r for r in iam_backends[account][partition].roles.values() if r.arn == arn), None)
    return role if role is not None and getattr(role, "known_at", 0) <= at and _trusts_ecs(role) else None


def _trusts_ecs(role: Any) -> bool:
    """Tell whether the role's trust policy names ECS's tasks, or anybody."""
    document = json.loads(role.assume_role_policy_document)
    statements = document.get("Statement", [])
    for statement in statements if isinstance(statements, list) else [statements]:
        principal = statement.get("Principal", {})
        services = principal.get("Service", []) if isinstance(principal, dict) else principal
        if statement.get("Effect") == "Allow" and (_PRINCIPAL in services or services == "*"):
            return True
    return False


def _denied_actions(task: Task) -> Iterator[str]:
    """Yield an error for each action that the policies of the execution role do not allow."""
    arn = getattr(task.definition, "execution_role_arn", None)
    role = assumable_role(arn, task.created) if arn else None
    if arn is None or role is None:
        return
    for action, resource, words in required_actions(task):
        if why := find_refusal(role, task, action, resource, task.created):
            user = f"{arn.replace(':iam:', ':sts:').replace(':role/', ':assumed-role/')}/{task.id}"
            yield (
                f"{words}AccessDeniedException: User: {user} is not authorized to perform: {action} on resource: "
                f"{resource} {why}"
            )
