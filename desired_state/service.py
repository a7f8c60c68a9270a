"""A microservice: an ECS service and the resources that belong to it."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field, model_validator

from desired_state.absence import Absent, Entries, is_none
from desired_state.cluster import Strategy
from desired_state.container import ContainerHealthCheck, Image, Logs, Tracing
from desired_state.deployment import Deployment
from desired_state.env_files import EnvFile
from desired_state.existing import SecurityGroupId
from desired_state.load_balancer import Port
from desired_state.name_patterns import OwnName
from desired_state.network import TierName
from desired_state.part import Part, Pattern, Seconds, ShortForm, WrongValue
from desired_state.permissions import PolicyArn, Statement
from desired_state.ports import NO_PORTS, Ports, ServicePort
from desired_state.process import AbsolutePath, Capability, Ulimits, User
from desired_state.roles import ServiceRoles
from desired_state.scaling import Scaling
from desired_state.secret import Secret
from desired_state.traffic import HealthCheck, Route

VariableName = Annotated[str, Pattern(r"[^\s=]+", "a variable's name, without spaces or =", fixed=True)]
VariableValue = Annotated[str, ShortForm("text", ("number", "boolean"))]


Algorithm = Literal["round_robin", "least_outstanding_requests", "weighted_random"]
_SHORTEST_SLOW_START = 30  # ELB user guide, "Target group attributes"


def _validate_slow_start(value: int | None) -> int | None:
    if value and value < _SHORTEST_SLOW_START:
        raise WrongValue(f"is too short: {_SHORTEST_SLOW_START}s to 15m, or 0s")
    return value


class Service(Part):
    """A service, with `service_defaults` merged in."""

    name: Annotated[OwnName | None, Absent(word=False)] = None
    """Name of the ECS service instead of the one by `names`; its other names stay."""

    cpu: Annotated[Literal[256, 512, 1024, 2048, 4096, 8192, 16384], ShortForm("units")] = 256
    """CPU units of a task; 1024 units are one vCPU."""

    memory: Annotated[int, ShortForm("mebibytes")] = Field(512, ge=512, le=122_880)
    """Memory of a task in MiB; Fargate offers certain sizes for each cpu."""

    port: Annotated[Port | None, Absent()] = 8080
    """TCP port that the container listens on; none if it takes no connections."""

    ports: Ports = NO_PORTS
    """TCP and UDP ports by name instead of `port`, such as {http: 8080, dns: {port: 53, protocol: udp}}."""

    placement: Annotated[TierName | None, Absent()] = None
    """Tier of subnets that its tasks run in, public or private; private where there is a private tier."""

    desired_count: int = Field(2, ge=0, le=5000)
    """Number of tasks at first; without scaling, the number of tasks to keep."""

    architecture: Literal["X86_64", "ARM64"] = "X86_64"
    """CPU architecture of the image."""

    image: Annotated[Image, ShortForm("image")] = Image(tag="latest")
    """Image that the tasks run."""

    entrypoint: Annotated[tuple[str, ...], Absent(()), ShortForm("words")] = ()
    """Entry point that replaces the image's own, and with it the image's own command."""

    command: Annotated[tuple[str, ...], Absent(()), ShortForm("words")] = ()
    """Command that replaces the image's own."""

    user: Annotated[User | None, Absent(), ShortForm("text", ("number",))] = None
    """User that the container runs as, and its group, such as 1000:1000; if left out, the image's own."""

    working_directory: Annotated[AbsolutePath | None, Absent()] = None
    """Directory that the command runs in; if left out, the image's own."""

    read_only: Annotated[bool, Absent(value=False)] = False
    """Let the container write nowhere in its root file system."""

    init: Annotated[bool, Absent(value=False)] = False
    """Run an init process in the container, which forwards signals and reaps processes that have ended."""

    stop_timeout: Annotated[Seconds | None, Absent()] = Field(None, ge=2, le=120)
    """Number of seconds that a stopping container has before it is killed; if left out, ECS's 30."""

    ulimits: Annotated[Ulimits, Absent(Ulimits())] = Ulimits()
    """Limits of the container's program."""

    drop_capabilities: Annotated[tuple[Capability, ...], Absent(())] = ()
    """Linux capabilities that the container lacks, of those that Docker gives, such as NET_RAW, or ALL."""

    ephemeral_storage: Annotated[int | None, Absent(), ShortForm("gibibytes")] = Field(None, ge=21, le=200)
    """Storage of a task in GiB, which goes with it; if left out, Fargate's 20."""

    environment: Annotated[Mapping[VariableName, VariableValue], Entries(word=False), Absent({})] = {}
    """Environment variables in plain text."""

    env_file: Annotated[tuple[EnvFile, ...], Absent(()), ShortForm("files")] = ()
    """Files of variables, which `environment` outweighs: beside this file, in compose's form, or in S3."""

    secrets: Annotated[
        Mapping[VariableName, Annotated[Secret, ShortForm("secret")]], Entries(), Absent({})
    ] = {}
    """Secrets (by ARN, or by name and key) and SSM parameters (by /NAME or ARN), by variable."""

    roles: ServiceRoles = ServiceRoles()
    """Roles that exist already, instead of those that this stack makes."""

    permissions: Annotated[tuple[Statement, ...], Absent(())] = ()
    """Statements of the task role, in addition to those for tracing and metrics."""

    policies: Annotated[tuple[PolicyArn, ...], Absent(())] = ()
    """ARNs of managed policies that exist and that the task role gets as well."""

    security_groups: Annotated[tuple[SecurityGroupId, ...], Absent(())] = ()
    """Ids of security groups that exist and that the tasks are in as well, at most four."""

    container_health_check: Annotated[ContainerHealthCheck | None, Absent()] = None
    """Health check that ECS runs inside the container."""

    logs: Logs = Logs()
    """Log group of the container."""

    tracing: Annotated[Tracing, Absent(Tracing())] = Tracing()
    """Tracing of requests."""

    routes: Annotated[tuple[Annotated[Route, ShortForm("route")], ...], Absent(())] = ()
    """Requests that the load balancer sends here; without routes, only discovery leads to the service."""

    health_check: Annotated[HealthCheck, Absent(HealthCheck())] = HealthCheck()
    """Health check of the load balancer; only with routes."""

    deregistration_delay: Annotated[Seconds, Absent(0)] = Field(300, ge=0, le=3600)
    """Number of seconds that a stopping task has to finish its requests; only with routes."""

    slow_start: Annotated[Seconds | None, Absent(0), AfterValidator(_validate_slow_start)] = Field(
        None, ge=0, le=900
    )
    """Number of seconds in which a new task gets more and more requests, 30s to 15m, or 0s for its share
    at once; if left out, it is left as it is; only with routes, and with round_robin."""

    algorithm: Annotated[Algorithm | None, Absent("round_robin")] = None
    """How the load balancer chooses a task for a request; if left out, it is left as it is;
    only with routes."""

    deployment: Deployment = Deployment()
    """Limits of a rolling deployment."""

    scaling: Annotated[Scaling | None, Absent()] = None
    """Automatic scaling; if left out, desired_count tasks are kept."""

    capacity_providers: Annotated[Strategy | None, Absent()] = None
    """Capacity provider strategy that replaces the cluster's."""

    execute_command: Annotated[bool, Absent(value=False)] = False
    """Allow `aws ecs execute-command` to run commands in the container."""

    protect: Annotated[bool, Absent(value=False)] = False
    """Refuse plans that delete or replace this service."""

    tags: Annotated[Mapping[str, str], Entries(word=False), Absent({})] = {}
    """Tags of all that belongs to the service, in addition to those of the platform with other keys."""

    @model_validator(mode="before")
    @classmethod
    def _leave_out_port(cls, data: Any) -> Any:
        """Leave the default of `port` out where there are `ports`."""
        named = data.get("ports") if isinstance(data, dict) else None
        return {"port": None, **data} if named and not is_none(named) else data

    @property
    def listens(self) -> Mapping[str, ServicePort]:
        """The ports that it listens on, by name; the one of `port` has an empty name."""
        return {"": ServicePort(port=self.port)} if self.port else self.ports

    @property
    def default_port(self) -> str | None:
        """Name of the port that routes lead to which name none: the first without UDP; None without any."""
        return next((name for name, port in self.listens.items() if port.transport == "tcp"), None)

    @property
    def leading_routes(self) -> tuple[Route, ...]:
        """The routes that lead to the service: those of which the load balancer is not the one to answer."""
        return tuple(route for route in self.routes if route.answer is None)

    def port_of(self, route: Route) -> str | None:
        """Return the name of the port that a route leads to, which is perhaps none of `listens` (a mistake)."""
        return self.default_port if route.port is None else route.port

    @property
    def routed_ports(self) -> Mapping[str, ServicePort]:
        """The ports that routes lead to, by name."""
        routed = {self.port_of(route) for route in self.leading_routes}
        return {name: port for name, port in self.listens.items() if name in routed}

    @property
    def fewest_tasks(self) -> int:
        """The number of tasks that run at least."""
        return self.scaling.fewest if self.scaling else self.desired_count

    @property
    def most_tasks(self) -> int:
        """The number of tasks that run at most, but for deployments."""
        return self.scaling.most if self.scaling else self.desired_count

    @property
    def most_tasks_deploying(self) -> int:
        """The number of tasks that run at most during a deployment."""
        return self.most_tasks * self.deployment.maximum_percent // 100
