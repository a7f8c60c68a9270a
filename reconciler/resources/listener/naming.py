"""Format what has no name, neither in the plan nor in AWS."""

from collections.abc import Mapping
from typing import Any


def format_port(listener: Mapping[str, Any]) -> str:
    """Format the load balancer and port of a listener that has no name in the plan: `alb-dev:9000`."""
    balancer, _, _ = listener["LoadBalancerArn"].rpartition("/")
    return f"{balancer.rpartition('/')[2]}:{listener['Port']}"
