"""Find names in the plan for listeners and their rules, which have no names in AWS."""

from collections.abc import Collection, Mapping
from typing import Any


def plan_name(
    own: str | None, desired_here: str | None, desired: Collection[str], present: Collection[str]
) -> str | None:
    """Return the name in the plan of a listener at its port, or a rule at its priority, where only one can be.

    `own` is the name in its tags, if it is ours. `desired_here` is the name of the resource that is desired
    there. `desired` and `present` are all desired names, and all names of ours. If one of ours is not desired,
    it becomes the resource that is desired in its place: AWS would refuse a second one, or return the first.
    """
    if desired_here and (not own or (own not in desired and desired_here not in present)):
        return desired_here
    return own or None


def format_port(listener: Mapping[str, Any]) -> str:
    """Format the load balancer and port of a listener that has no name in the plan: `alb-dev:9000`."""
    balancer, _, _ = listener["LoadBalancerArn"].rpartition("/")
    return f"{balancer.rpartition('/')[2]}:{listener['Port']}"
