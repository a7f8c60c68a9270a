"""The records of the embedded ECS: services with their deployments, tasks and revisions.

Moments are virtual seconds (see Clock). Services and tasks are on moto's ECS backend, which a reset clears.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any


@dataclass
class Failure:
    """The way and the moment in which a task will fail, decided at its launch."""

    at: float  # the moment
    stop_code: str
    stopped_reason: str
    container: str = ""  # the name of the container that fails, if one does
    exit_code: int | None = None
    blocked: bool = False  # no group lets the load balancer in; it does not happen if one does by then


@dataclass
class Task:
    """A task of a service or of RunTask, with the moments at which its status changes.

    `stopping` is None until it must stop.
    """

    task_arn: str
    cluster_arn: str
    task_definition_arn: str
    group: str
    started_by: str
    definition: Any  # moto's task definition, with the overrides; kept as long as the task can be described
    launch: dict[str, Any]  # launchType or capacityProviderName, platformVersion, enableExecuteCommand
    created: float
    pending: float  # the moment at which it is PENDING
    running: float  # the moment at which it is RUNNING
    tags: list[dict[str, str]] = field(default_factory=list)
    balancers: list[dict[str, Any]] = field(default_factory=list)  # the service's loadBalancers
    registries: list[dict[str, Any]] = field(default_factory=list)
    digests: dict[str, str] = field(default_factory=dict)  # of the images, by container
    network: dict[str, str] = field(default_factory=dict)  # subnetId, networkInterfaceId, privateIPv4Address …
    attachment: str = ""  # the id of the interface's attachment
    failure: Failure | None = None
    registered: float | None = None  # the moment of registration in target groups and Cloud Map services
    healthy: float = float("inf")  # the moment at which its targets are healthy
    stopping: float | None = None  # the moment of the order to stop
    stopped: float = float("inf")  # the moment at which it is STOPPED
    stop_code: str = ""
    stopped_reason: str = ""
    released: bool = False  # its interface has been given back
    overrides: dict[str, Any] = field(default_factory=dict)  # those of RunTask
    protected_until: float = 0.0  # the scheduler does not stop it before this moment

    @property
    def id(self) -> str:
        """The last part of the ARN."""
        return self.task_arn.rpartition("/")[2]

    @property
    def service(self) -> str:
        """The name of its service; empty for a task of RunTask."""
        kind, _, name = self.group.partition(":")
        return name if kind == "service" else ""

    @property
    def alive(self) -> bool:
        """Tell whether the task has not been ordered to stop."""
        return self.stopping is None


@dataclass
class Deployment:
    """A deployment as in DescribeServices. The first one of a service is its PRIMARY deployment."""

    number: str  # 19 digits, also that of its service revision
    fields: dict[str, Any]  # those of `DEPLOYED_FIELDS`: taskDefinition, networkConfiguration …
    created: float
    state: str = "IN_PROGRESS"
    reason: str = ""
    updated: float = 0.0
    rollback: bool = False  # it goes back to an earlier deployment
    failed_tasks: int = 0
    retry: float = 0.0  # no task is launched before this moment
    settled: float | None = None  # the moment since which all its tasks are healthy and no others run
    digests: dict[str, str] = field(default_factory=dict)  # of the images, by container
    tasks: list[Task] = field(default_factory=list)

    @property
    def id(self) -> str:
        """The id that ECS's answers show."""
        return f"ecs-svc/{self.number}"

    @property
    def alive(self) -> list[Task]:
        """The tasks that have not been ordered to stop."""
        return [task for task in self.tasks if task.alive]


@dataclass
class ServiceDeployment:
    """An entry of ListServiceDeployments: a deployment, and the rollback that may have followed it."""

    arn: str
    target: str  # the number of the revision that it deploys
    sources: list[str]  # the numbers of the revisions that it replaces
    created: float
    status: str = "IN_PROGRESS"
    reason: str = ""
    finished: float | None = None
    rollback: dict[str, Any] | None = None


@dataclass
class Service:
    """An ECS service.

    Some names are moto's: its Application Auto Scaling uses them and sets `desired_count`.
    """

    account_id: str
    region_name: str
    name: str
    cluster_name: str
    cluster_arn: str
    arn: str
    sent: dict[str, Any]  # the parameters of CreateService, to recognise an identical create
    fields: dict[str, Any]  # as AWS shows them: the sent ones and defaults
    desired_count: int
    created: float
    tags: list[dict[str, str]] = field(default_factory=list)
    status: str = "ACTIVE"
    drained: float = float("inf")  # the earliest moment at which it can be INACTIVE
    scaled_to: int = -1  # the desired count that the scheduler has seen last
    next_moment: float = 0.0  # the next moment at which something is due
    steady: bool = False  # the event "has reached a steady state" has been added
    deployments: list[Deployment] = field(default_factory=list)  # newest first
    events: list[dict[str, Any]] = field(default_factory=list)  # newest first
    history: list[ServiceDeployment] = field(default_factory=list)  # newest first
    revisions: dict[str, dict[str, Any]] = field(default_factory=dict)  # by ARN
    completed: Deployment | None = None  # the last COMPLETED one, to which the circuit breaker rolls back
    task_sets: list[Any] = field(default_factory=list)

    @property
    def physical_resource_id(self) -> str:
        """The ARN, under the name that moto uses."""
        return self.arn

    @property
    def scheduling_strategy(self) -> str:
        """REPLICA or DAEMON."""
        return str(self.fields["schedulingStrategy"])

    @property
    def launch_type(self) -> str | None:
        """The launch type; None if the service has a capacity provider strategy."""
        return self.fields.get("launchType")

    @property
    def task_definition(self) -> str:
        """The ARN of its task definition."""
        return str(self.fields["taskDefinition"])

    def tasks(self) -> Iterator[Task]:
        """Yield the tasks of all deployments."""
        for deployment in self.deployments:
            yield from deployment.tasks
