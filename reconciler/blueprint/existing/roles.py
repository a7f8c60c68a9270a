"""Roles that exist: they are there, and ECS's tasks may have them."""

import json
from collections.abc import Iterator
from fnmatch import fnmatchcase
from typing import Any
from urllib.parse import unquote

from desired_state.mistakes import Mistake
from desired_state.platform import Platform
from desired_state.tree import KeyPath
from reconciler.aws.reads import Reads
from reconciler.blueprint.existing.found import Found
from reconciler.rights.roles import TASKS_PRINCIPAL

UNKNOWN = ("NoSuchEntity",)
ASSUME = "sts:assumerole"


def read_roles(reads: Reads, platform: Platform) -> Iterator[Found | Mistake]:
    """Yield the roles, or what is wrong with them. Each is read once, however many services name it."""
    named = list(_list_named(platform))
    arns = sorted({arn for _, arn in named})
    problems = dict(zip(arns, reads.map(lambda arn: _find_problem(reads, arn), arns), strict=True))
    for where, arn in named:
        problem = problems[arn]
        yield platform.mistake(where, problem) if problem else Found(where, {"arn": arn})


def _list_named(platform: Platform) -> Iterator[tuple[KeyPath, str]]:
    for name, service in platform.services.items():
        for key, arn in (("execution", service.roles.execution), ("task", service.roles.task)):
            if arn:
                yield ("services", name, "roles", key), arn


def _find_problem(reads: Reads, arn: str) -> str:
    """Say what keeps tasks from having a role; an empty text if nothing does."""
    found = reads.ask("iam", "get_role", "Role", UNKNOWN, RoleName=arn.rpartition("/")[2])
    if found is None or found["Arn"] != arn:
        return f"there is no role {arn} in this account"
    document = found.get("AssumeRolePolicyDocument") or {}
    trusted = document if isinstance(document, dict) else json.loads(unquote(document))
    if not any(map(_trusts_tasks, _as_list(trusted.get("Statement")))):
        return f"{arn} does not trust {TASKS_PRINCIPAL}, so that no task can have it"
    return ""


def _trusts_tasks(statement: dict[str, Any]) -> bool:
    principal = statement.get("Principal", {})
    services = _as_list(principal.get("Service")) if isinstance(principal, dict) else [principal]
    trusted = statement.get("Effect") == "Allow" and bool({TASKS_PRINCIPAL, "*"} & {*services})
    return trusted and ("Action" not in statement or any(map(_assumes, _as_list(statement["Action"]))))


def _assumes(action: str) -> bool:
    """Tell whether an action, perhaps with wildcards, is that by which ECS takes a role."""
    return fnmatchcase(ASSUME, action.lower())


def _as_list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value] if value else []
