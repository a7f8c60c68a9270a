"""Patterns of names in AWS, for platforms whose names are not to be the usual ones."""

from typing import Annotated

from desired_state.part import Part, Pattern

_WORDS = r"\{(service|load_balancer|suffix|environment|platform|region)\}"


def pattern_of(letters: str, example: str, *, each: bool, of: str = "service") -> Pattern:
    """Return the pattern of a name of these letters; `each`: there is one for each service, or what `of` says.

    How long a name may be is looked at with all that is in it (`checks.naming`).
    """
    other = "load_balancer" if of == "service" else "service"
    some = rf"(?{'=' if each else '!'}.*\{{{of}\}})(?!.*\{{{other}\}})"
    told = f"with {{{of}}}" if each else f"without {{{of}}}"
    return Pattern(
        rf"{some}(?:[{letters}]|{_WORDS})+",
        f"a name {told}, of the characters that AWS takes, such as {example}",
        fixed=True,
    )


LETTERS = r"A-Za-z0-9_-"  # ECS and CloudWatch, API references
_Service = Annotated[str, pattern_of(LETTERS, "{service}-{environment}", each=True)]
_Repository = Annotated[str, pattern_of(r"a-z0-9._/-", "{platform}/{service}", each=True)]
_Role = Annotated[str, pattern_of(r"\w+=,.@-", "{service}-{environment}-task", each=True)]
_LogGroup = Annotated[str, pattern_of(r"A-Za-z0-9._/#-", "/ecs/{environment}/{service}", each=True)]
_Cluster = Annotated[str, pattern_of(LETTERS, "{platform}-{environment}", each=False)]
_SharedRole = Annotated[str, pattern_of(r"\w+=,.@-", "{environment}-ecs-execution", each=False)]
LoadBalancerName = Annotated[str, pattern_of(r"A-Za-z0-9-", "{platform}-{environment}", each=False)]
_LoadBalancers = Annotated[
    str, pattern_of(r"A-Za-z0-9-", "{load_balancer}-{environment}", each=True, of="load_balancer")
]
OwnName = Annotated[str, pattern_of(LETTERS, "web-{environment}", each=False)]


class NamePatterns(Part):
    """Patterns of names in AWS, with {service}, {environment}, {platform}, {region} and {suffix}."""

    service: _Service = "svc-{service}-{suffix}"
    """ECS service of each service."""

    family: _Service = "task-{service}-{suffix}"
    """Family of the task definitions of each service."""

    repository: _Repository = "ecr-repo-{service}-{suffix}"
    """ECR repository of each service."""

    task_role: _Role = "ecs-task-{service}-{suffix}"
    """Task role of each service."""

    log_group: _LogGroup = "/aws/ecs/{service}-{suffix}"
    """Log group of each service; that of its X-Ray daemon has xray-NAME in the place of its name."""

    cluster: _Cluster = "ecs-cluster-{suffix}"
    """ECS cluster."""

    execution_role: _SharedRole = "ecs-task-execution-{suffix}"
    """Task execution role of all services."""

    load_balancer: LoadBalancerName = "alb-{suffix}"
    """Load balancer, and its security group; if left out, that of a network one begins with nlb-."""

    load_balancers: _LoadBalancers = "alb-{load_balancer}-{suffix}"
    """Each one of `load_balancers`, and its security group; {load_balancer} is its name in the file. If left
    out, those of network ones begin with nlb-."""

    dashboard: _Cluster = "ecs-services-{suffix}"
    """CloudWatch dashboard."""

    def fill(self, key: str, suffix: str, one: str = "") -> str:
        """Return the name of a kind, given that of the service or load balancer."""
        pattern: str = getattr(self, key)  # each field is one
        filled = pattern.replace("{service}", one).replace("{load_balancer}", one)
        return filled.replace("{suffix}", suffix)


USUAL = NamePatterns()
