"""The physical names in AWS. People see them in the console, so a change of them breaks compatibility."""

from dataclasses import dataclass

XRAY_CONTAINER = "xray-daemon"
FLOW_LOGS = "vpc-flow-logs"  # in the place of a service in the name of a log group
JOB = "drift-correction"  # the job's name, where a service has its own


@dataclass(frozen=True)
class Names:
    """The physical names of a stack; all but those inside the namespace end in the suffix."""

    suffix: str

    def __call__(self, word: str) -> str:
        """Return `word` with the suffix: "word-suffix"."""
        return f"{word}-{self.suffix}"

    @property
    def cluster(self) -> str:
        """Name of the ECS cluster."""
        return self("ecs-cluster")

    @property
    def load_balancer(self) -> str:
        """Name of the load balancer."""
        return self("alb")

    @property
    def dashboard(self) -> str:
        """Name of the CloudWatch dashboard."""
        return self("ecs-services")

    @property
    def execution_role(self) -> str:
        """Name of the task execution role, which all services share."""
        return self("ecs-task-execution")

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

    def listener(self, listener: str) -> str:
        """Return the name of the listener with this name in the file."""
        return f"{self.load_balancer}-{listener}"

    def rule(self, listener: str, service: str, number: int) -> str:
        """Return the name of the rule for a service's route with this number, counted from 1."""
        return f"{self.listener(listener)}-{service}" + (f"-{number}" if number > 1 else "")

    def service(self, service: str) -> str:
        """Return the name of the ECS service."""
        return self(f"svc-{service}")

    def family(self, service: str) -> str:
        """Return the family of the service's task definitions."""
        return self(f"task-{service}")

    def repository(self, service: str) -> str:
        """Return the name of the service's ECR repository."""
        return self(f"ecr-repo-{service}")

    def task_role(self, service: str) -> str:
        """Return the name of the service's task role."""
        return self(f"ecs-task-{service}")

    def target_group(self, service: str, port: str = "") -> str:
        """Return the name in the plan; in AWS a hash follows it, within 32 characters.

        `port` is the name of a port that is not the service's default one.
        """
        return self(f"tg-{service}-{port}" if port else f"tg-{service}")

    def log_group(self, container: str) -> str:
        """Return the log group of a service, or that of its X-Ray daemon for `xray-<service>`."""
        return self(f"/aws/ecs/{container}")

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
