"""What an ECS service is to be."""

from collections.abc import Mapping
from typing import Annotated, ClassVar, Literal

from reconciler.model.references import Ref, refers_to
from reconciler.model.spec import IMMUTABLE, OBSERVED, UNCOMPARED, Part, Spec
from reconciler.resources.ecs_cluster import Share

COMPLETED, IN_PROGRESS = "COMPLETED", "IN_PROGRESS"  # rollout states
FAILED = "FAILED: "  # and the beginning of one that says why
STOPS = 900  # seconds in which tasks end and ECS says so, once the load balancer has let them go


class Target(Part):
    """A target group, and the container that its requests go to."""

    target_group: Annotated[Ref, refers_to("target_group")]
    container: str
    port: int


class EcsService(Spec):
    """So many tasks of a task definition."""

    kind: ClassVar[str] = "ecs_service"
    cluster: Annotated[Ref, refers_to("ecs_cluster"), IMMUTABLE]
    task_definition: Annotated[Ref, refers_to("task_definition")]
    initial_count: Annotated[int, UNCOMPARED] = 1
    """Tasks to begin with, where scaling owns the count."""
    desired_count: int | None = None
    """None: left to scaling."""
    capacity_providers: Mapping[str, Share]
    subnets: frozenset[Annotated[Ref, refers_to("subnet")]]
    security_groups: frozenset[Annotated[Ref, refers_to("security_group")]]
    public_address: bool = False
    targets: frozenset[Target] = frozenset()
    registries: frozenset[Annotated[Ref, refers_to("cloud_map_service", "arn")]] = frozenset()
    minimum_healthy_percent: int = 100
    maximum_percent: int = 200
    circuit_breaker: Literal["rollback", "enabled", "off"] = "off"
    grace_period: int | None = None
    """Seconds in which a new task may fail the load balancer's checks."""
    propagate_tags: Literal["SERVICE", "TASK_DEFINITION", "NONE"] = "SERVICE"
    managed_tags: bool = True
    """Whether ECS tags tasks with their cluster and service."""
    execute_command: bool = False
    images: Annotated[frozenset[Annotated[Ref, refers_to("image")]] | None, OBSERVED] = None
    """What runs, for the tags of its own repositories that the task definition names."""
    deployment: str = COMPLETED
    """How the last one stands: IN_PROGRESS, or FAILED and why."""
    lost_by_tasks: frozenset[str] = frozenset()
    """Live only: the roles and log groups that its tasks were started with and cannot use any more."""
    settles_within: Annotated[int, UNCOMPARED] = 1800
    """Seconds that a deployment is waited for."""
    stops_within: Annotated[int, UNCOMPARED] = STOPS
    """Seconds that it is waited for once it is deleted."""
    draining: Annotated[bool, UNCOMPARED] = False
    """Deleted, but its tasks have not all stopped."""
