"""The spec of a scalable target, by which Application Auto Scaling changes the task count of an ECS service."""

from collections.abc import Mapping
from typing import Annotated, ClassVar, Literal

from reconciler.model.references import Ref, refers_to
from reconciler.model.spec import IMMUTABLE, Part, Spec


class TargetTracking(Part):
    """A scaling policy that keeps a metric at its target."""

    metric: str
    """`cpu` or `memory`. Live, for any other policy: AWS's name of its metric or type."""
    target: float
    """The target value of the metric, in percent."""
    scale_in_cooldown: int = 300
    """Seconds after a scale-in until the next one."""
    scale_out_cooldown: int = 300
    """Seconds after a scale-out until the next one."""
    scale_in: bool = True
    """False: the policy only adds tasks."""


class ScalableTarget(Spec):
    """The range of a service's task count, and the policies that change the count."""

    kind: ClassVar[str] = "scalable_target"
    ecs_service: Annotated[Ref, refers_to("ecs_service"), IMMUTABLE]
    cluster: Annotated[Ref, refers_to("ecs_cluster"), IMMUTABLE]
    min_capacity: int
    """The minimum number of tasks."""
    max_capacity: int
    """The maximum number of tasks."""
    policies: Mapping[str, TargetTracking]
    """The scaling policies, by name."""
    suspended: frozenset[Literal["scale_in", "scale_out", "scheduled"]] = frozenset()
    """The scaling activities that are suspended for all policies."""
