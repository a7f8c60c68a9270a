"""The embedded AWS: moto plus what moto leaves out, in process (under `mock_aws`) or as a server (`process`)."""

from importlib import import_module

from reconciler.sandbox.clock import Clock
from reconciler.sandbox.profile import CALM, HARSH, PROFILES, REAL, Profile
from reconciler.sandbox.world import World, current, use

__all__ = ["CALM", "HARSH", "PROFILES", "REAL", "Clock", "Profile", "World", "current", "install", "use"]

# Modules of this package; each has `install()`, which patches moto's classes and may be called again.
# A later one wraps an earlier one of the same method, so faults and limits stand last.
PARTS: tuple[str, ...] = (
    "light",
    "calls",
    "managed_policies",
    "ecr_images",
    "ecs_clusters",
    "ecs_task_definitions",
    "ecs_service",
    "ecs_revisions",
    "ecs_task_calls",
    "ecs_traffic",
    "ecs_needs",
    "ec2_interfaces",
    "elbv2_load_balancers",
    "elbv2_target_groups",
    "elbv2_listeners",
    "elbv2_tags",
    "ec2_groups",
    "ec2_network",
    "ec2_deletes",
    "cloud_map_operations",
    "cloud_map_namespaces",
    "cloud_map_services",
    "cloud_map_lists",
    "autoscaling_targets",
    "autoscaling_policies",
    "tagging",
    "iam",
    "logs",
    "ecr",
    "cloudwatch",
    "paging",
    "paging_ec2",
    "lag_ec2",
    "lag_services",
    "lag_deletes",
    "iam_propagation",
    "limits",
    "faults",
)


def install(
    profile: Profile = CALM, *, clock: Clock | None = None, seed: int = 0, images: bool = True
) -> World:
    """Teach moto, once, and begin a new world. Needs moto; what is in moto's backends stays."""
    for part in PARTS:
        import_module(f"{__name__}.{part}").install()
    return use(World(clock or Clock(), profile, seed, images))
