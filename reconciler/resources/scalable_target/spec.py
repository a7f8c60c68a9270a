"""The spec of a scalable target: how Application Auto Scaling moves the count of an ECS service."""

from collections.abc import Mapping
from typing import Annotated, ClassVar, Literal

from reconciler.model.references import Ref, refers_to
from reconciler.model.spec import IMMUTABLE, Part, Spec


class TargetTracking(Part):
    """A scaling policy that keeps a metric at its target."""

    metric: str
    """`cpu` or `memory`; live, of any other policy, AWS's name of its metric or type."""
    target: float
    """Percent."""
    scale_in_cooldown: int = 300
    """Seconds after tasks were taken away until more may be."""
    scale_out_cooldown: int = 300
    """Seconds after tasks were added until more may be."""
    scale_in: bool = True
    """False: the policy only adds tasks."""


class ScalableTarget(Spec):
    """The range of a service's count, and the policies that move it."""

    kind: ClassVar[str] = "scalable_target"
    ecs_service: Annotated[Ref, refers_to("ecs_service"), IMMUTABLE]
    cluster: Annotated[Ref, refers_to("ecs_cluster"), IMMUTABLE]
    min_capacity: int
    """The number of tasks, at least."""
    max_capacity: int
    """The number of tasks, at most."""
    policies: Mapping[str, TargetTracking]
    """The scaling policies, by name."""
    suspended: frozenset[Literal["scale_in", "scale_out", "scheduled"]] = frozenset()
    """The scaling activities that are suspended, whatever the policies say."""
