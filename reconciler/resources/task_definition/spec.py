"""The spec of a task definition."""

from collections.abc import Mapping
from typing import Annotated, ClassVar, Literal

from reconciler.model.references import Ref, refers_to
from reconciler.model.spec import EACH, UNCOMPARED, Spec
from reconciler.resources.task_definition.containers import Container

EPHEMERAL_STORAGE = 20  # GiB that tasks on Fargate have at least (ECS API reference, EphemeralStorage)


class TaskDefinition(Spec):
    """A family of task definitions on Fargate. Live, it has the fields of its newest revision that is ours."""

    kind: ClassVar[str] = "task_definition"
    cpu: int
    """The size in CPU units; 1024 units are one vCPU."""
    memory: int
    """The memory in MiB."""
    architecture: Literal["X86_64", "ARM64"] = "X86_64"
    execution_role: Annotated[Ref, refers_to("iam_role", "arn")] | None = None
    """The role that ECS starts tasks with."""
    task_role: Annotated[Ref, refers_to("iam_role", "arn")] | None = None
    """The role that the containers have."""
    ephemeral_storage: int = EPHEMERAL_STORAGE
    """The storage of a task in GiB, which goes with it."""
    containers: Annotated[Mapping[str, Container], EACH]
    """The containers, by name."""
    others: Mapping[str, str] = {}
    """Live only: parameters that no field holds, as JSON by AWS's name. A new revision omits them."""
    active: Annotated[tuple[str, ...], UNCOMPARED] = ()
    """Live only: the ARNs of the family's ACTIVE revisions, newest first."""
    inactive: Annotated[tuple[str, ...], UNCOMPARED] = ()
    """Live only: the ARNs of its INACTIVE revisions, if the family is to be deleted."""
    retiring: Annotated[tuple[str, ...], UNCOMPARED] = ()
    """Live only: the ARNs of the old and unused ACTIVE revisions to deregister after the next registration."""
