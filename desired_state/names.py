"""The physical names in AWS. People see them in the console, so a change of them breaks compatibility."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from desired_state.doors import SINGULAR, Door
from desired_state.load_balancer import APPLICATION, NETWORK
from desired_state.name_patterns import USUAL, NamePatterns

XRAY_CONTAINER = "xray-daemon"
FLOW_LOGS = "vpc-flow-logs"  # in the place of a service in the name of a log group
JOB = "drift-correction"  # the job's name, where a service has its own


class Named(Protocol):
    """What the file may give a name of its own."""

    @property
    def name(self) -> str | None:
        """Its own name in AWS."""


class NamedBalancer(Named, Protocol):
    """A load balancer, whose listeners may have names of their own too."""

    @property
    def type(self) -> str:
        """Its type: application or network."""

    @property
    def listeners(self) -> Mapping[str, Named]:
        """Its listeners by name in the file."""


@dataclass(frozen=True)
class Names:
    """The physical names of a stack; unless the file says otherwise, all but discovery's end in the suffix."""

    suffix: str
    patterns: NamePatterns = USUAL
    services: Mapping[str, Named] = field(default_factory=dict)  # by name in the file
    balancers: Mapping[str, NamedBalancer] = field(default_factory=dict)  # by key

    def __call__(self, word: str) -> str:
        """Return `word` with the suffix: "word-suffix"."""
        return f"{word}-{self.suffix}"

    def _own(self, name: str | None) -> str:
        return (name or "").replace("{suffix}", self.suffix)

    def _own_of(self, named: Named | None) -> str:
        return self._own(named.name) if named else ""

    @property
    def cluster(self) -> str:
        """Name of the ECS cluster."""
        return self.patterns.fill("cluster", self.suffix)

    def load_balancer(self, key: str = SINGULAR) -> str:
        """Return the name of the load balancer with this key."""
        balancer = self.balancers.get(key)
        kind = balancer.type if balancer else APPLICATION
        return self._own_of(balancer) or self.load_balancer_of(kind, key)

    def load_balancer_of(self, kind: str, key: str) -> str:
        """Return the name by the pattern of a load balancer of this type, of which a network one is nlb-…."""
        pattern = "load_balancers" if key else "load_balancer"
        name = self.patterns.fill(pattern, self.suffix, key)
        is_usual = pattern not in self.patterns.model_fields_set
        return f"nlb-{name.removeprefix('alb-')}" if kind == NETWORK and is_usual else name

    @property
    def dashboard(self) -> str:
        """Name of the CloudWatch dashboard."""
        return self.patterns.fill("dashboard", self.suffix)

    @property
    def execution_role(self) -> str:
        """Name of the task execution role, which all services share."""
        return self.patterns.fill("execution_role", self.suffix)

    @property
    def task_group(self) -> str:
        """Name of the tasks' security group; EC2 refuses names that begin with `sg-`."""
        return self("ecs-tasks")

    def subnet(self, tier: str, number: int) -> str:
        """Return the name of the tier's subnet in the zone with this number, counted from 1."""
        return self(f"subnet-{tier}-{number}")

    def nat(self, number: int) -> str:
        """Return the name of the NAT gateway in the zone with this number, and of its address."""
        return self(f"nat-{number}")

    @property
    def flow_logs(self) -> str:
        """Name of the log group of the VPC's flow logs."""
        return self.log_group(FLOW_LOGS)

    @property
    def flow_logs_role(self) -> str:
        """Name of the role that writes the VPC's flow logs."""
        return self("vpc-flow-logs")

    @property
    def endpoint_group(self) -> str:
        """Name of the security group of the VPC's endpoints."""
        return self("vpc-endpoints")

    def endpoint(self, aws_service: str) -> str:
        """Return the name of the VPC's endpoint for an AWS service, such as ecr.api."""
        return self(f"vpce-{aws_service.replace('.', '-')}")

    def listener(self, door: Door) -> str:
        """Return the name of a listener."""
        balancer = self.balancers.get(door.balancer)
        own = self._own_of(balancer.listeners.get(door.listener)) if balancer else ""
        return own or f"{self.load_balancer(door.balancer)}-{door.listener}"

    def rule(self, door: Door, service: str, number: int) -> str:
        """Return the name of the rule for a service's route with this number, counted from 1."""
        return f"{self.listener(door)}-{service}" + (f"-{number}" if number > 1 else "")

    def service(self, service: str) -> str:
        """Return the name of the ECS service."""
        return self._own_of(self.services.get(service)) or self.patterns.fill("service", self.suffix, service)

    def family(self, service: str) -> str:
        """Return the family of the service's task definitions."""
        return self.patterns.fill("family", self.suffix, service)

    def repository(self, service: str) -> str:
        """Return the name of the service's ECR repository."""
        return self.patterns.fill("repository", self.suffix, service)

    def task_role(self, service: str) -> str:
        """Return the name of the service's task role."""
        return self.patterns.fill("task_role", self.suffix, service)

    def target_group(self, service: str, port: str = "", balancer: str = SINGULAR) -> str:
        """Return the name in the plan; in AWS a hash follows it, within 32 characters.

        `port` is the name of a port that is not the service's default one, `balancer` the load balancer's key.
        """
        return self("-".join(word for word in ("tg", service, port, balancer) if word))

    def log_group(self, container: str) -> str:
        """Return the log group of a service, or that of its X-Ray daemon for `xray-<service>`."""
        return self.patterns.fill("log_group", self.suffix, container)

    @property
    def schedule_group(self) -> str:
        """Name of the group of the job's schedule, and of the schedule."""
        return self(JOB)

    @property
    def schedule_role(self) -> str:
        """Name of the role by which the schedule starts the job."""
        return self(f"ecs-schedule-{JOB}")

    @property
    def dead_letters(self) -> str:
        """Name of the queue that is told of starts of the job that failed."""
        return self(f"{JOB}-dead-letters")

    @property
    def drift_events(self) -> str:
        """Name of the rule and of the queue that tell a watch of changes."""
        return self("drift-events")
