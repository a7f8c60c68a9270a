"""Task definitions as in ECS: revision numbers are never reused, and deletes have two steps."""

from typing import Any

from moto.core.responses import ActionResult
from moto.ecs.exceptions import (
    EcsClientException,
    InvalidParameterException,
    TaskDefinitionNotFoundException,
)
from moto.ecs.models import EC2ContainerServiceBackend
from moto.ecs.responses import EC2ContainerServiceResponse

from reconciler.sandbox.ecs.answers import caller
from reconciler.sandbox.ecs.definition_checks import check_definition
from reconciler.sandbox.ecs.definition_defaults import fill_definition
from reconciler.sandbox.ecs.model import Task
from reconciler.sandbox.ecs.required_attributes import required_attributes
from reconciler.sandbox.world import add, current, wrap

# Parameters of RegisterTaskDefinition by moto's names for them.
_MOTO_NAMES = {
    "containerDefinitions": "container_definitions",
    "networkMode": "network_mode",
    "placementConstraints": "placement_constraints",
    "requiresCompatibilities": "requires_compatibilities",
    "taskRoleArn": "task_role_arn",
    "executionRoleArn": "execution_role_arn",
    "proxyConfiguration": "proxy_configuration",
    "inferenceAccelerators": "inference_accelerators",
    "runtimePlatform": "runtime_platform",
    "ipcMode": "ipc_mode",
    "pidMode": "pid_mode",
    "ephemeralStorage": "ephemeral_storage",
}


def install() -> None:
    add(EC2ContainerServiceResponse, "register_task_definition", register_task_definition)
    add(EC2ContainerServiceResponse, "describe_task_definition", describe_task_definition)
    wrap(EC2ContainerServiceBackend, "describe_task_definition", _describe_latest_active)
    wrap(EC2ContainerServiceBackend, "deregister_task_definition", _deregister)
    wrap(EC2ContainerServiceBackend, "delete_task_definitions", _delete)


def register_task_definition(response: Any) -> ActionResult:
    """Register the next revision of a family, with ECS's defaults filled in."""
    ecs = response.ecs_backend
    sent = response._get_params()
    check_definition(sent)
    wanted = fill_definition(sent)
    accepted = {"family", "volumes", "tags", "cpu", "memory"}
    fields = {_MOTO_NAMES.get(k, k): v for k, v in wanted.items() if k in accepted | _MOTO_NAMES.keys()}
    definition = ecs.register_task_definition(**fields)
    _renumber(ecs, definition)
    definition.registered_at = current().clock.date(current().clock.now())
    definition.registered_by = caller(ecs)
    definition.enable_fault_injection = sent.get("enableFaultInjection", False)
    definition.requires_attributes = required_attributes(wanted)
    return ActionResult({"taskDefinition": definition, "tags": definition.tags})


def describe_task_definition(response: Any) -> ActionResult:
    """Describe a revision, with its tags if they are included."""
    definition = response.ecs_backend.describe_task_definition(response._get_param("taskDefinition"))
    tags = definition.tags if "TAGS" in response._get_param("include", []) else []
    return ActionResult({"taskDefinition": definition, "tags": tags})


def _renumber(ecs: Any, definition: Any) -> None:
    """Give the revision the next number of its family. Deleted numbers are not reused (ECS API reference)."""
    counters = ecs.__dict__.setdefault("family_counters", {})
    del ecs.task_definitions[definition.family][definition.revision]
    number = counters[definition.family] = counters.get(definition.family, 0) + 1
    definition.revision = number
    definition.arn = f"{definition.arn.rpartition(':')[0]}:{number}"
    ecs.task_definitions[definition.family][number] = definition


def _describe_latest_active(original: Any, ecs: Any, task_definition_str: str) -> Any:
    """Return the revision that is named, or the latest ACTIVE one if only a family is named."""
    short = task_definition_str.rpartition("/")[2]
    if ":" in short:
        _check_revision(short)
        return original(ecs, task_definition_str)
    active = [d for d in ecs.task_definitions.get(short, {}).values() if d.status == "ACTIVE"]
    if not active:
        raise TaskDefinitionNotFoundException
    return max(active, key=lambda definition: definition.revision)


def _check_revision(short: str) -> None:
    revision = short.partition(":")[2]
    if not revision.isdecimal():
        raise InvalidParameterException(f"Invalid revision number. Number: {revision}")


def _deregister(original: Any, ecs: Any, task_definition_str: str) -> Any:
    """Deregister the revision, and record the time. One that is INACTIVE or absent is refused."""
    family, _, revision = task_definition_str.rpartition("/")[2].partition(":")
    known = ecs.task_definitions.get(family, {}).get(int(revision) if revision.isdecimal() else None)
    if revision.isdecimal() and known is None:
        raise EcsClientException("The specified task definition does not exist.")
    if known is not None and known.status == "DELETE_IN_PROGRESS":
        raise EcsClientException("The specified task definition is in the process of being deleted.")
    if known is not None and known.status != "ACTIVE":
        raise EcsClientException(
            "The specified task definition is inactive. Specify an active task definition and try again."
        )
    definition = original(ecs, task_definition_str)
    definition.deregistered_at = current().clock.date(current().clock.now())
    return definition


def _delete(original: Any, ecs: Any, task_definitions: list[str]) -> Any:
    """Delete revisions. Those in use are DELETE_IN_PROGRESS until they are not used (ECS API reference)."""
    for name in task_definitions:
        if ":" in name.rpartition("/")[2]:
            _check_revision(name.rpartition("/")[2])
    deleted, failures = original(ecs, task_definitions)
    for definition in deleted:
        definition.delete_requested_at = current().clock.date(current().clock.now())
        ecs.task_definitions[definition.family][definition.revision] = definition
    drop_deleted(ecs)
    return deleted, failures


def drop_deleted(ecs: Any) -> None:
    """Drop the DELETE_IN_PROGRESS revisions that no service and no task uses any more."""
    used = {service.task_definition for service in ecs.services.values() if service.status != "INACTIVE"}
    used |= {d.fields["taskDefinition"] for service in ecs.services.values() for d in service.deployments}
    now = current().clock.now()
    tasks = [task for tasks in ecs.tasks.values() for task in tasks.values()]
    used |= {task.task_definition_arn for task in tasks if not isinstance(task, Task) or task.stopped > now}
    for revisions in ecs.task_definitions.values():
        unused = [n for n, d in revisions.items() if d.status == "DELETE_IN_PROGRESS" and d.arn not in used]
        for number in unused:
            del revisions[number]
