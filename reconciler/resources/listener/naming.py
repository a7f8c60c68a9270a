"""Names in the plan for listeners and their rules, which have none in AWS."""

from collections.abc import Collection, Mapping
from typing import Any


def plan_name(
    own: str | None, desired_here: str | None, desired: Collection[str], present: Collection[str]
) -> str | None:
    """Return the name in the plan of what is where only one can be: at a listener's port, at a rule's priority.

    `own`: the name that its tags give it, if it is ours; `desired_here`: the name of what is desired there;
    `desired`, `present`: all desired names, and all that ours have. One of ours whose name nobody desires becomes
    what is desired in its place: another one made beside it would be refused, or taken for the same.
    """
    if desired_here and (not own or (own not in desired and desired_here not in present)):
        return desired_here
    return own or None


def format_port(listener: Mapping[str, Any]) -> str:
    """Return load balancer and port of a listener that has no name in the plan: `alb-dev:9000`."""
    balancer, _, _ = listener["LoadBalancerArn"].rpartition("/")
    return f"{balancer.rpartition('/')[2]}:{listener['Port']}"
