"""VPC endpoints that are being deleted: listed for a while, and until then in the way of their VPC and name."""

from typing import Any

from reconciler.sandbox.world import current


def present_endpoints(ec2: Any) -> list[Any]:
    """Forget the deleted endpoints whose time is over, and return the others."""
    now = current().clock.now()
    for endpoint in list(ec2.vpc_end_points.values()):
        if getattr(endpoint, "gone_at", now + 1) <= now:
            del ec2.vpc_end_points[endpoint.id]
    return list(ec2.vpc_end_points.values())


def is_going(endpoint: Any) -> bool:
    """Tell whether an endpoint is being deleted."""
    return hasattr(endpoint, "gone_at")
