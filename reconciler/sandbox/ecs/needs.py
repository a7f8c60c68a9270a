"""Find the unmet needs of a task besides its image: assumable roles, permissions, a route to the registries.

They are checked only if the profile has `needs`. The reasons are AWS's (ECS developer guide, stopped tasks
error messages). Roles and policies that are too new lead to stopped tasks, not to failed calls (aws-facts 4).
"""

import json
from collections.abc import Iterator
from fnmatch import fnmatchcase
from typing import Any

from moto.iam import iam_backends
from moto.iam.models import IAMBackend

from reconciler.sandbox.ecr.images import ECR_REFERENCE
from reconciler.sandbox.ecs.model import Task
from reconciler.sandbox.ecs.reach import has_route_out
from reconciler.sandbox.ecs.secrets import malformed_secrets, required_secret_actions
from reconciler.sandbox.iam.propagation import draw_time_in_force
from reconciler.sandbox.world import wrap


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
    for arn in (
        getattr(task.definition, "task_role_arn", None),
        getattr(task.definition, "execution_role_arn", None),
    ):
        if arn and _assumable_role(task, arn) is None:
            yield (
                f"ECS was unable to assume the role '{arn}' that was provided for this task. Please verify that the "
                "role being passed has the proper trust relationship and permissions and that your IAM user has "
                "permissions to pass this role."
            )
    if task.network and not has_route_out(task):
        yield (
            "ResourceInitializationError: unable to pull secrets or registry auth: The task cannot pull registry "
            "auth from Amazon ECR: There is a connection issue between the task and Amazon ECR. Check your task "
            "network configuration."
        )
    for container in task.definition.container_definitions:
        yield from malformed_secrets(container)
    yield from _denied_actions(task)


def _assumable_role(task: Task, arn: str) -> Any:
    """Return the role if it was in force everywhere when the task was created; None otherwise."""
    _, partition, _, _, account, _ = arn.split(":", 5)
    role = next((r for r in iam_backends[account][partition].roles.values() if r.arn == arn), None)
    return role if role is not None and getattr(role, "known_at", 0) <= task.created else None


def _denied_actions(task: Task) -> Iterator[str]:
    """Yield an error for each action that the policies of the execution role do not allow."""
    arn = getattr(task.definition, "execution_role_arn", None)
    role = _assumable_role(task, arn) if arn else None
    if arn is None or role is None:
        return
    in_force = getattr(role, "permitted_at", 0) <= task.created
    statements = list(_statements(role)) if in_force else []
    for action, resource in _required_actions(task):
        if not any(_allows(statement, action, resource) for statement in statements):
            user = f"{arn.replace(':iam:', ':sts:').replace(':role/', ':assumed-role/')}/{task.id}"
            yield (
                "ResourceInitializationError: unable to pull secrets or registry auth: execution resource retrieval "
                f"failed: AccessDeniedException: User: {user} is not authorized to perform: {action} on resource: "
                f"{resource} because no identity-based policy allows the {action} action"
            )


def _required_actions(task: Task) -> Iterator[tuple[str, str]]:
    """Yield the actions, each with its resource, that the execution role needs to start the task."""
    _, partition, _, region, account = task.task_arn.split(":")[:5]
    home = f"arn:{partition}:{{service}}:{region}:{account}"
    for container in task.definition.container_definitions:
        if ECR_REFERENCE.match(container["image"]):
            yield "ecr:GetAuthorizationToken", "*"
        logging = container.get("logConfiguration", {})
        if logging.get("logDriver") == "awslogs":
            yield (
                "logs:CreateLogStream",
                f"{home.format(service='logs')}:log-group:{logging['options']['awslogs-group']}:*",
            )
        yield from required_secret_actions(container, home)


def _statements(role: Any) -> Iterator[dict[str, Any]]:
    managed = [
        version.document
        for policy in role.managed_policies.values()
        for version in policy.versions
        if version.version_id == policy.default_version_id
    ]
    for document in [*role.policies.values(), *managed]:
        found = json.loads(document)["Statement"]
        yield from found if isinstance(found, list) else [found]


def _allows(statement: dict[str, Any], action: str, resource: str) -> bool:
    actions, resources = _as_list(statement.get("Action", [])), _as_list(statement.get("Resource", []))
    return (
        statement["Effect"] == "Allow"
        and any(fnmatchcase(action.lower(), pattern.lower()) for pattern in actions)
        and any(fnmatchcase(resource, pattern) for pattern in resources)
    )


def _as_list(value: str | list[str]) -> list[str]:
    return [value] if isinstance(value, str) else value
