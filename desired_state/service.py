"""A microservice: an ECS service and what belongs to it."""

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import Field

from desired_state.cluster import Strategy
from desired_state.container import ContainerHealthCheck, Image, Logs, Tracing
from desired_state.load_balancer import Port
from desired_state.part import Form, Part
from desired_state.permissions import SecretArn, Statement
from desired_state.traffic import HealthCheck, Route

Percent = Annotated[int, Field(ge=1, le=100)]
VariableName = Annotated[str, Form(r"[^\s=]+", "a variable's name, without spaces or =")]


class Deployment(Part):
    """How a rolling deployment goes on."""

    minimum_healthy_percent: int = Field(100, ge=0, le=100)
    """Percent of the desired count that keeps running meanwhile."""

    maximum_percent: int = Field(200, ge=100, le=200)
    """Percent of the desired count that may run meanwhile, old and new together."""

    circuit_breaker: Literal["rollback", "enabled", "off"] = "rollback"
    """What a deployment does whose tasks fail: roll back, only stop, or try for ever."""


class Scaling(Part):
    """Target tracking by Application Auto Scaling; the count is its own from the first apply on."""

    min: int = Field(1, ge=0, le=5000)
    """Fewest tasks."""

    max: int = Field(ge=1, le=5000)
    """Most tasks."""

    cpu: Percent | None = None
    """Average CPU of the service to keep, in percent."""

    memory: Percent | None = None
    """Average memory of the service to keep, in percent."""

    scale_in_cooldown: int = Field(300, ge=0, le=86_400)
    """Seconds between two scale-ins."""

    scale_out_cooldown: int = Field(300, ge=0, le=86_400)
    """Seconds between two scale-outs."""


class Service(Part):
    """A service; `service_defaults` are merged in already."""

    cpu: Literal[256, 512, 1024, 2048, 4096, 8192, 16384] = 256
    """CPU units of a task; 1024 are one vCPU."""

    memory: int = Field(512, ge=512, le=122_880)
    """MiB of a task; Fargate offers certain sizes for each cpu."""

    port: Port = 8080
    """TCP port that the container listens on."""

    desired_count: int = Field(2, ge=0, le=5000)
    """Tasks to start with; without scaling, tasks to keep."""

    architecture: Literal["X86_64", "ARM64"] = "X86_64"
    """CPU architecture of the image."""

    image: Image = Image(tag="latest")
    """What runs."""

    command: tuple[str, ...] = ()
    """Command instead of the image's own."""

    environment: Mapping[VariableName, str] = {}
    """Environment variables in plain text."""

    secrets: Mapping[VariableName, SecretArn] = {}
    """Environment variables by the ARN of a Secrets Manager secret or an SSM parameter."""

    permissions: tuple[Statement, ...] = ()
    """What the task role may do besides tracing and metrics."""

    container_health_check: ContainerHealthCheck | None = None
    """A check inside the container, by ECS."""

    logs: Logs = Logs()
    """The container's log group."""

    tracing: Tracing = Tracing()
    """The X-Ray daemon, if any."""

    routes: tuple[Route, ...] = ()
    """Which requests the load balancer sends here; none: the service is reachable by discovery only."""

    health_check: HealthCheck = HealthCheck()
    """The load balancer's check; only with routes."""

    deregistration_delay: int = Field(300, ge=0, le=3600)
    """Seconds that the load balancer lets a leaving task finish its requests; only with routes."""

    deployment: Deployment = Deployment()
    """How a rolling deployment goes on."""

    scaling: Scaling | None = None
    """Automatic scaling; none: desired_count holds."""

    capacity_providers: Strategy | None = None
    """Strategy instead of the cluster's."""

    execute_command: bool = False
    """Whether `aws ecs execute-command` may open a shell in the container."""

    protect: bool = False
    """Refuse plans that delete or replace this service."""
