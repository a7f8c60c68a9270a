"""List revisions of task definitions, and their families."""

from typing import Any

from moto.core.responses import ActionResult
from moto.ecs.responses import EC2ContainerServiceResponse

from reconciler.sandbox.ecs.task_definitions import drop_deleted
from reconciler.sandbox.world import add


def install() -> None:
    add(EC2ContainerServiceResponse, "list_task_definitions", list_task_definitions)
    add(EC2ContainerServiceResponse, "list_task_definition_families", list_task_definition_families)


def list_task_definitions(response: Any) -> ActionResult:
    """List revisions by status. `familyPrefix` is the whole family here, not a prefix (ECS API reference)."""
    drop_deleted(response.ecs_backend)
    family = response._get_param("familyPrefix")
    status = response._get_param("status", "ACTIVE")
    found = [
        definition
        for name, revisions in sorted(response.ecs_backend.task_definitions.items())
        if family in (None, name)
        for _, definition in sorted(revisions.items())
        if definition.status == status
    ]
    arns = [definition.arn for definition in found]
    return ActionResult({"taskDefinitionArns": arns[::-1] if response._get_param("sort") == "DESC" else arns})


def list_task_definition_families(response: Any) -> ActionResult:
    """List families with an ACTIVE revision (ACTIVE), without one (INACTIVE), or all (ECS API reference)."""
    prefix = response._get_param("familyPrefix", "")
    status = response._get_param("status", "ALL")
    families = {
        name: any(definition.status == "ACTIVE" for definition in revisions.values())
        for name, revisions in response.ecs_backend.task_definitions.items()
        if name.startswith(prefix) and revisions
    }
    found = [
        name for name, active in sorted(families.items()) if status == "ALL" or active == (status == "ACTIVE")
    ]
    return ActionResult({"families": found})
