"""The spec of a task definition."""

from collections.abc import Mapping
from typing import Annotated, ClassVar, Literal

from reconciler.model.references import Ref, refers_to
from reconciler.model.spec import UNCOMPARED, Spec
from reconciler.resources.task_definition.containers import Container


class TaskDefinition(Spec):
    """A family of task definitions on Fargate, by its newest revision that is ours."""

    kind: ClassVar[str] = "task_definition"
    cpu: int
    """CPU units; 1024 are one vCPU."""
    memory: int
    """MiB."""
    architecture: Literal["X86_64", "ARM64"] = "X86_64"
    execution_role: Annotated[Ref, refers_to("iam_role", "arn")] | None = None
    """The role that ECS starts tasks with."""
    task_role: Annotated[Ref, refers_to("iam_role", "arn")] | None = None
    """The role that the containers have."""
    containers: Mapping[str, Container]
    """The containers, by name."""
    others: Mapping[str, str] = {}
    """Live only: parameters that no field holds, as JSON by AWS's name. A new revision leaves them out."""
    active: Annotated[tuple[str, ...], UNCOMPARED] = ()
    """Live only: ARNs of the family's ACTIVE revisions, newest first."""
    inactive: Annotated[tuple[str, ...], UNCOMPARED] = ()
    """Live only: ARNs of its INACTIVE revisions, if the family is to be deleted."""
    retiring: Annotated[tuple[str, ...], UNCOMPARED] = ()
    """Live only: ARNs of the ACTIVE revisions that the next registration makes too many and no service runs."""
