"""What the embedded ECS keeps of a service, beside moto's own: its fields as sent, deployments, tasks, revisions.

Moments are virtual seconds. Plain data that hangs on moto's ECS backend, so that a reset clears it.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from moto.moto_api._internal import mock_random


@dataclass
class Failure:
    """How a task will end by itself, decided when it is launched."""

    at: float
    stop_code: str
    stopped_reason: str
    container: str = ""  # which container is to blame, in its own words
    exit_code: int | None = None


@dataclass
class Task:
    """One task of a service, with the moments at which it turns. `stopping` None: it shall run."""

    task_arn: str
    cluster_arn: str
    task_definition_arn: str
    group: str
    started_by: str
    definition: Any  # moto's, kept as long as the task can be described
    launch: dict[str, Any]  # launchType or capacityProviderName, platformVersion, enableExecuteCommand
    created: float
    pending: float  # the moment it is PENDING
    running: float  # RUNNING
    tags: list[dict[str, str]] = field(default_factory=list)
    balancers: list[dict[str, Any]] = field(default_factory=list)  # where traffic shall find it
    registries: list[dict[str, Any]] = field(default_factory=list)
    digests: dict[str, str] = field(default_factory=dict)
    network: dict[str, str] = field(default_factory=dict)  # subnetId, networkInterfaceId, privateIPv4Address …
    attachment: str = ""
    failure: Failure | None = None
    registered: float | None = None  # in its target groups and Cloud Map services
    healthy: float = float("inf")
    stopping: float | None = None
    stopped: float = float("inf")
    stop_code: str = ""
    stopped_reason: str = ""
    closed: bool = False  # what it held is given back

    @property
    def id(self) -> str:
        return self.task_arn.rpartition("/")[2]

    @property
    def alive(self) -> bool:
        return self.stopping is None


@dataclass
class Deployment:
    """One of `deployments` in DescribeServices; the first of a service is its PRIMARY."""

    number: str
    fields: dict[str, Any]  # what a deployment is made of: taskDefinition, networkConfiguration …
    created: float
    state: str = "IN_PROGRESS"
    reason: str = ""
    updated: float = 0.0
    rollback: bool = False  # the circuit breaker's own
    failed_tasks: int = 0
    retry: float = 0.0  # no task is launched before
    settled: float | None = None  # everything as wanted since
    digests: dict[str, str] = field(default_factory=dict)  # of the images, by container
    tasks: list[Task] = field(default_factory=list)

    @property
    def id(self) -> str:
        return f"ecs-svc/{self.number}"

    @property
    def alive(self) -> list[Task]:
        return [task for task in self.tasks if task.alive]


@dataclass
class ServiceDeployment:
    """One entry of ListServiceDeployments: a deployment with the rollback that may have followed it."""

    arn: str
    target: str  # revision numbers
    sources: list[str]
    created: float
    status: str = "IN_PROGRESS"
    reason: str = ""
    finished: float | None = None
    rollback: dict[str, Any] | None = None


@dataclass
class Service:
    """Named as moto names what it looks at itself: Application Auto Scaling sets `desired_count`."""

    account_id: str
    region_name: str
    name: str
    cluster_name: str
    cluster_arn: str
    arn: str
    sent: dict[str, Any]  # the create's parameters, to know an identical one
    fields: dict[str, Any]  # as AWS tells them: sent ones and defaults
    desired_count: int
    created: float
    tags: list[dict[str, str]] = field(default_factory=list)
    status: str = "ACTIVE"
    drained: float = float("inf")  # not INACTIVE before
    counted: int = -1  # the desired count that has been acted upon
    wake: float = 0.0  # when something happens next
    steady: bool = False
    deployments: list[Deployment] = field(default_factory=list)
    events: list[dict[str, Any]] = field(default_factory=list)
    history: list[ServiceDeployment] = field(default_factory=list)
    revisions: dict[str, dict[str, Any]] = field(default_factory=dict)
    completed: Deployment | None = None  # the last one that was, for the circuit breaker
    task_sets: list[Any] = field(default_factory=list)

    @property
    def physical_resource_id(self) -> str:
        return self.arn

    @property
    def scheduling_strategy(self) -> str:
        return str(self.fields["schedulingStrategy"])

    @property
    def launch_type(self) -> str | None:
        return self.fields.get("launchType")

    @property
    def task_definition(self) -> str:
        return str(self.fields["taskDefinition"])

    def tasks(self) -> Iterator[Task]:
        for deployment in self.deployments:
            yield from deployment.tasks


def number() -> str:
    """Deployments and revisions of a service bear the same one, 19 digits."""
    return str(mock_random.randint(10**18, 10**19 - 1))
