"""The health check of a target group, from AWS's form and to it."""

from collections.abc import Mapping
from typing import Annotated, Any

from reconciler.model.spec import DECLARED, Part


class HealthCheck(Part):
    """The check that a load balancer makes of each target."""

    path: str
    interval: int
    """Seconds between two checks."""
    timeout: int
    """Seconds without an answer that are a failure."""
    healthy: int
    """Successes in a row that make a target healthy."""
    unhealthy: int
    """Failures in a row that make it unhealthy."""
    matcher: Annotated[str | None, DECLARED] = None
    """HTTP statuses that are a success, such as 200-299; None: not ours to manage."""
    port: str = "traffic-port"
    """A number, or `traffic-port`: the one on which a target gets its requests."""
    protocol: str = "HTTP"


def from_target_group(group: Mapping[str, Any]) -> HealthCheck:
    """Return the check of a group in DescribeTargetGroups' answer.

    Over TCP it has neither path nor matcher; of a Lambda function there may be none.
    """
    return HealthCheck(
        path=group.get("HealthCheckPath", ""),
        interval=group.get("HealthCheckIntervalSeconds", 0),
        timeout=group.get("HealthCheckTimeoutSeconds", 0),
        healthy=group.get("HealthyThresholdCount", 0),
        unhealthy=group.get("UnhealthyThresholdCount", 0),
        matcher=group.get("Matcher", {}).get("HttpCode"),
        port=group.get("HealthCheckPort", "traffic-port"),
        protocol=group.get("HealthCheckProtocol", "HTTP"),
    )


def to_parameters(check: HealthCheck) -> dict[str, Any]:
    """Return the parameters of CreateTargetGroup and ModifyTargetGroup that set the check."""
    params: dict[str, Any] = {
        "HealthCheckProtocol": check.protocol,
        "HealthCheckPort": check.port,
        "HealthCheckPath": check.path,
        "HealthCheckIntervalSeconds": check.interval,
        "HealthCheckTimeoutSeconds": check.timeout,
        "HealthyThresholdCount": check.healthy,
        "UnhealthyThresholdCount": check.unhealthy,
    }
    matcher = {"Matcher": {"HttpCode": check.matcher}} if check.matcher else {}  # AWS refuses an empty one
    return params | matcher
