"""The spec of an ECS cluster."""

from collections.abc import Mapping
from typing import ClassVar, Literal

from reconciler.model.spec import Part, Spec


class Share(Part):
    """The share of tasks that a capacity provider runs."""

    base: int = 0
    """The minimum number of tasks that it runs."""
    weight: int = 0
    """Its share of the tasks above all bases, relative to the other weights."""


class EcsCluster(Spec):
    """A cluster on Fargate."""

    kind: ClassVar[str] = "ecs_cluster"
    container_insights: Literal["enabled", "enhanced", "disabled"] | None = None
    """None: the account's setting decides."""
    capacity_providers: Mapping[str, Share]
    """The providers that its services may use, and their shares in the default strategy."""
