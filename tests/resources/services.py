"""A service on a cluster with all that it needs, for the tests of these types."""

from typing import Any

from balancing import GROUP, RULE, balancer, group, listener, rule, zones
from network import TABLE, VPC, A, gateway, subnet, table, vpc
from support import client, make

from reconciler.model.references import Ref, Text
from reconciler.model.spec import Spec
from reconciler.resources.cloud_map_namespace import CloudMapNamespace
from reconciler.resources.cloud_map_service import CloudMapService
from reconciler.resources.ecr_repository import EcrRepository
from reconciler.resources.ecs_cluster import EcsCluster, Share
from reconciler.resources.ecs_service import EcsService, Target
from reconciler.resources.image import Image
from reconciler.resources.log_group import LogGroup
from reconciler.resources.scalable_target import ScalableTarget, TargetTracking
from reconciler.resources.security_group import SecurityGroupWithRules
from reconciler.resources.security_group_rules import Rule
from reconciler.resources.task_definition import TaskDefinition
from reconciler.resources.task_definition.containers import Container, Port

CLUSTER, FAMILY, SERVICE = "ecs-cluster-dev", "task-web-dev", "svc-web-dev"
REPOSITORY, LOGS, ROLE = "ecr-repo-web-dev", "/aws/ecs/web-dev", "arn:aws:iam::123456789012:role/execution"
URI = f"123456789012.dkr.ecr.us-east-1.amazonaws.com/{REPOSITORY}"
TASKS, ROUTES = Ref("security_group", "tasks-dev"), Ref("route_table", TABLE)
LATEST = Text("{}:latest", (Ref("ecr_repository", REPOSITORY, "uri"),))
TARGET = Target(target_group=Ref("target_group", GROUP), container="web", port=8080)
REGISTRY = Ref("cloud_map_service", "web", "arn")
BOTH = {"FARGATE": Share(base=1, weight=1), "FARGATE_SPOT": Share(weight=4)}


def cluster(**fields: Any) -> EcsCluster:
    return make(EcsCluster, CLUSTER, **{"container_insights": "enabled", "capacity_providers": BOTH, **fields})


def tasks_group() -> SecurityGroupWithRules:
    """Return a group that lets the load balancer in."""
    rule = Rule(from_port=8080, to_port=8080, cidr="10.0.0.0/16")
    fields = {"vpc": Ref("vpc", VPC), "description": "tasks", "ingress": frozenset({rule})}
    return make(SecurityGroupWithRules, TASKS.name, **fields)


def repository() -> EcrRepository:
    return make(EcrRepository, REPOSITORY, scan_on_push=True, keep_images=None)


def image(tag: str = "latest") -> Image:
    return Image(name=f"{REPOSITORY}:{tag}", repository=Ref("ecr_repository", REPOSITORY), tag=tag)


def container(**fields: Any) -> Container:
    given = {
        "image": LATEST,
        "environment": {"SERVICE_NAME": "web"},
        "ports": {Port(container_port=8080)},
        "log_group": Ref("log_group", LOGS),
        "log_prefix": "web",
        "log_region": "us-east-1",
    }
    return Container(**{**given, **fields})


def definition(app: Container | None = None, **fields: Any) -> TaskDefinition:
    roles = {"execution_role": ROLE, "task_role": ROLE}
    given = {"cpu": 256, "memory": 512, **roles, "containers": {"web": app or container()}}
    return make(TaskDefinition, FAMILY, **{**given, **fields})


def service(**fields: Any) -> EcsService:
    given = {
        "cluster": Ref("ecs_cluster", CLUSTER),
        "task_definition": Ref("task_definition", FAMILY),
        "initial_count": 2,
        "capacity_providers": BOTH,
        "subnets": {Ref("subnet", A)},
        "security_groups": {TASKS},
        "public_address": True,
        "after": frozenset({ROUTES}),
        "circuit_breaker": "rollback",
        "minimum_healthy_percent": 50,
        "images": frozenset({image().ref()}),
    }
    return make(EcsService, SERVICE, **{**given, **fields})


def scaling(**fields: Any) -> ScalableTarget:
    given = {
        "ecs_service": Ref("ecs_service", SERVICE),
        "cluster": Ref("ecs_cluster", CLUSTER),
        "min_capacity": 1,
        "max_capacity": 10,
        "policies": {f"cpu-{SERVICE}": tracking("cpu", 70), f"memory-{SERVICE}": tracking("memory", 80)},
    }
    return ScalableTarget(name=SERVICE, **{**given, **fields})


def tracking(metric: str, target: float) -> TargetTracking:
    return TargetTracking(metric=metric, target=target, scale_in_cooldown=60, scale_out_cooldown=60)


def platform(*instead: Spec) -> list[Spec]:
    """Return all specs, with these in the place of those with the same address."""
    logs = make(LogGroup, LOGS, retention_days=7)
    network = [vpc(), gateway(), subnet(), table(), tasks_group()]
    specs = [*network, cluster(), repository(), image(), logs, definition(), service(), *instead]
    return list({spec.address: spec for spec in specs}.values())


def balanced(*instead: Spec) -> list[Spec]:
    """Return the specs of a service that has a load balancer and a Cloud Map service."""
    namespace = make(CloudMapNamespace, "dev.local", domain="dev.local", vpc=Ref("vpc", "vpc-dev"))
    registry = make(CloudMapService, "web", namespace=namespace.ref())
    behind = service(
        targets={TARGET},
        registries={REGISTRY},
        grace_period=60,
        after=frozenset({Ref("listener_rule", RULE), ROUTES}),
    )
    specs = [balancer(), group(), listener(), rule(), namespace, registry, behind, *instead]
    return list({spec.address: spec for spec in [*platform(*specs), *zones()]}.values())


def described(name: str = SERVICE) -> Any:
    found = client("ecs").describe_services(cluster=CLUSTER, services=[name], include=["TAGS"])
    return found["services"][0]


def update(**fields: Any) -> None:
    """Update the service by hand."""
    client("ecs").update_service(cluster=CLUSTER, service=SERVICE, **fields)


def vpc_id() -> str:
    found = client("ec2").describe_vpcs(Filters=[{"Name": "tag:ecs-reconciler:name", "Values": [VPC]}])
    return str(found["Vpcs"][0]["VpcId"])
