"""The embedded AWS: moto with additions, in this process (under `mock_aws`) or as a server (`process`)."""

from importlib import import_module

from reconciler.sandbox.clock import Clock
from reconciler.sandbox.profile import CALM, HARSH, PROFILES, REAL, Profile
from reconciler.sandbox.world import World, current, use

__all__ = ["CALM", "HARSH", "PROFILES", "REAL", "Clock", "Profile", "World", "current", "install", "use"]

# Modules of this package; each has `install()`, which patches moto's classes and may be called again.
# If two parts patch one method, the later wraps the earlier. Limits and faults are last, and so apply first.
PARTS: tuple[str, ...] = (
    "partitions",
    "without_ec2_data",
    "cloud_map.ids",
    "calls",
    "constraints.services",
    "iam.managed_policies",
    "ecr.images",
    "ecs.clusters",
    "ecs.capacity_providers",
    "ecs.task_definitions",
    "ecs.service",
    "ecs.revisions",
    "ecs.service_deployments",
    "ecs.task_calls",
    "ecs.traffic",
    "ecs.needs",
    "ec2.interfaces",
    "elbv2.load_balancers",
    "elbv2.target_groups",
    "elbv2.listeners",
    "given",
    "elbv2.tags",
    "ec2.groups",
    "ec2.network",
    "ec2.deletes",
    "cloud_map.operations",
    "cloud_map.zones",
    "cloud_map.namespaces",
    "cloud_map.namespace_changes",
    "cloud_map.services",
    "cloud_map.instances",
    "cloud_map.lists",
    "cloud_map.tags",
    "autoscaling.targets",
    "autoscaling.tags",
    "autoscaling.policies",
    "autoscaling.policy_checks",
    "autoscaling.scheduled_actions",
    "autoscaling.activities",
    "autoscaling.checks",
    "tagging",
    "tagging_calls",
    "iam.quotas",
    "iam.principals",
    "iam.policies",
    "iam.boundaries",
    "iam.roles",
    "iam.service_linked_roles",
    "logs.groups",
    "logs.keys",
    "logs.protection",
    "logs.descriptions",
    "logs.checks",
    "ecr.repositories",
    "ecr.tags",
    "ecr.pushes",
    "ecr.calls",
    "cloudwatch.dashboards",
    "cloudwatch.dashboard_calls",
    "cloudwatch.alarms",
    "cloudwatch.alarm_checks",
    "cloudwatch.composite_alarms",
    "dynamodb.tables",
    "dynamodb.checks",
    "paging.pages",
    "paging.ec2",
    "lag.ec2",
    "lag.ecs",
    "lag.iam",
    "lag.ecr",
    "lag.elbv2",
    "lag.cloud_map",
    "lag.autoscaling",
    "lag.deletes",
    "iam.propagation",
    "limits.throttling",
    "faults.answers",
)


def install(
    profile: Profile = CALM,
    *,
    clock: Clock | None = None,
    seed: int = 0,
    images: bool = True,
    given: frozenset[str] = frozenset(),
) -> World:
    """Patch moto's classes, once, and begin a new World. The contents of moto's backends are kept."""
    for part in PARTS:
        import_module(f"{__name__}.{part}").install()
    return use(World(clock or Clock(), profile, seed, images, given))
