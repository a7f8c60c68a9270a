"""The spec of an ECS service."""

from collections.abc import Mapping
from typing import Annotated, ClassVar, Literal

from reconciler.model.aws_default import AwsDefault
from reconciler.model.references import Ref, refers_to
from reconciler.model.spec import IMMUTABLE, OBSERVED, UNCOMPARED, Part, Spec
from reconciler.resources.ecs_cluster.spec import Share

COMPLETED, IN_PROGRESS = "COMPLETED", "IN_PROGRESS"  # rollout states of ECS
BREAKER_THRESHOLD = (
    "BOUNDED_PERCENT 50"  # AWS's default; services made before July 2026 do not tell it (recorded)
)
FAILED_PREFIX = "FAILED: "  # before the reason, in the state of a deployment that failed
TASKS_STOP_WITHIN = 900  # seconds from their deregistration at the load balancer until ECS shows them stopped


class Target(Part):
    """A target group, and the container that receives its requests."""

    target_group: Annotated[Ref, refers_to("target_group")]
    container: str
    port: int


class EcsService(Spec):
    """A service, which keeps a number of tasks of one task definition running."""

    kind: ClassVar[str] = "ecs_service"
    cluster: Annotated[Ref, refers_to("ecs_cluster"), IMMUTABLE]
    task_definition: Annotated[Ref, refers_to("task_definition")]
    initial_count: Annotated[int, UNCOMPARED] = 1
    """The number of tasks at creation, if scaling owns the count."""
    desired_count: int | None = None
    """The number of tasks; None: scaling owns it."""
    scaled_between: Annotated[tuple[int, int] | None, UNCOMPARED] = None
    """Desired only: the least and the largest number of tasks that scaling sets; None: it owns none."""
    capacity_providers: Mapping[str, Share]
    """The capacity provider strategy, by provider."""
    subnets: frozenset[Annotated[Ref, refers_to("subnet")]]
    security_groups: frozenset[Annotated[Ref, refers_to("security_group")]]
    public_address: bool = False
    """True: each task gets a public IP address."""
    targets: frozenset[Target] = frozenset()
    ports: Annotated[Mapping[str, tuple[int, ...]], UNCOMPARED] = {}
    """The ports of containers, by container. Other target groups that it still is in reach them there."""
    routed_groups: Annotated[frozenset[Annotated[Ref, refers_to("target_group")]], UNCOMPARED] = frozenset()
    """Live only: those of its target groups that a rule names."""
    registries: frozenset[Annotated[Ref, refers_to("cloud_map_service", "arn")]] = frozenset()
    """The Cloud Map services that ECS registers its tasks in."""
    minimum_healthy_percent: int = 100
    """The minimum of running tasks during a deployment, in percent of the desired count."""
    maximum_percent: int = 200
    """The maximum of running tasks during a deployment, in percent of the desired count."""
    circuit_breaker: Literal["rollback", "enabled", "off"] = "off"
    """The reaction of ECS to tasks that keep failing: roll back, end the deployment, or go on trying."""
    breaker_threshold: str = BREAKER_THRESHOLD
    """The failures that it takes: AWS's type and value, such as `COUNT 3`."""
    breaker_resets: bool = True
    """True: a task that becomes healthy sets its count of failures back to 0."""
    strategy: Annotated[str | None, AwsDefault("ROLLING")] = None
    """The way of a deployment from the old tasks to the new ones, by AWS's name."""
    deployment_alarms: Annotated[frozenset[str] | None, AwsDefault(frozenset())] = None
    """The names of the alarms that end a deployment."""
    grace_period: int | None = None
    """Seconds in which a new task may fail the load balancer's health checks."""
    propagate_tags: Literal["SERVICE", "TASK_DEFINITION", "NONE"] = "SERVICE"
    """The source of the tasks' tags."""
    managed_tags: bool = True
    """True: ECS tags its tasks with their cluster and service."""
    execute_command: bool = False
    """True: ECS Exec may run commands in its tasks."""
    images: Annotated[frozenset[Annotated[Ref, refers_to("image")]] | None, OBSERVED] = None
    """The images of our repositories that its tasks run. Live None: they are not known."""
    deployment: str = COMPLETED
    """The state of the last deployment: COMPLETED, IN_PROGRESS, or FAILED and the reason."""
    lost_by_tasks: frozenset[str] = frozenset()
    """Live only: the roles and log groups that its tasks were started with and can no longer use."""
    missing_images: Annotated[frozenset[str], UNCOMPARED] = frozenset()
    """Live only: the images that it needs and that the registry does not have any more."""
    runs_foreign: Annotated[bool, UNCOMPARED] = False
    """Live only: the revision that it runs is not ours."""
    settles_within: Annotated[int, UNCOMPARED] = 1800
    """Seconds until a deployment that has not ended fails the apply."""
    stops_within: Annotated[int, UNCOMPARED] = TASKS_STOP_WITHIN
    """Seconds until a deleted service that is not INACTIVE fails the apply."""
    draining: Annotated[bool, UNCOMPARED] = False
    """Live only: it is deleted, but its tasks have not all stopped."""
    aws_name: Annotated[str, UNCOMPARED] = ""
    """Live only: the name in AWS of one that is draining, whose name in the plan says so."""

    @property
    def roles(self) -> tuple[Ref, ...]:
        """The roles that its tasks need, as far as `after` has them."""
        return tuple(sorted(ref for ref in self.after if ref.kind == "iam_role"))

    @property
    def physical_name(self) -> str:
        """The name in AWS."""
        return self.aws_name or self.name
