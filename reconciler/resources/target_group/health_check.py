"""The health check of a target group, with its conversions to and from AWS's form."""

from collections.abc import Mapping
from typing import Annotated, Any

from reconciler.model.spec import DECLARED, Part


class HealthCheck(Part):
    """The check that a load balancer makes of each target."""

    path: str = ""
    """Of a check over HTTP; empty over TCP, which is passed by a connection."""
    interval: int
    """Seconds between two checks."""
    timeout: int
    """Seconds after which a check without an answer has failed."""
    healthy: int
    """The number of successes in a row that make a target healthy."""
    unhealthy: int
    """The number of failures in a row that make a target unhealthy."""
    matcher: Annotated[str | None, DECLARED] = None
    """The statuses that are a success, such as 200-299, or 12 of gRPC. None: they are not managed."""
    port: str = "traffic-port"
    """A port number, or `traffic-port` for the port on which a target receives its requests."""
    protocol: str = "HTTP"
    """HTTP, HTTPS or TCP."""


def from_target_group(group: Mapping[str, Any]) -> HealthCheck:
    """Return the health check of a group of DescribeTargetGroups.

    A check over TCP has neither path nor matcher, and a Lambda function may have no check.
    """
    return HealthCheck(
        path=group.get("HealthCheckPath", ""),
        interval=group.get("HealthCheckIntervalSeconds", 0),
        timeout=group.get("HealthCheckTimeoutSeconds", 0),
        healthy=group.get("HealthyThresholdCount", 0),
        unhealthy=group.get("UnhealthyThresholdCount", 0),
        matcher=group.get("Matcher", {}).get("HttpCode") or group.get("Matcher", {}).get("GrpcCode"),
        port=group.get("HealthCheckPort", "traffic-port"),
        protocol=group.get("HealthCheckProtocol", "HTTP"),
    )


def to_parameters(check: HealthCheck, *, of_grpc: bool = False) -> dict[str, Any]:
    """Return the parameters of CreateTargetGroup and ModifyTargetGroup that set the check."""
    path = {"HealthCheckPath": check.path} if check.path else {}
    params: dict[str, Any] = {
        "HealthCheckProtocol": check.protocol,
        "HealthCheckPort": check.port,
        **path,
        "HealthCheckIntervalSeconds": check.interval,
        "HealthCheckTimeoutSeconds": check.timeout,
        "HealthyThresholdCount": check.healthy,
        "UnhealthyThresholdCount": check.unhealthy,
    }
    code = "GrpcCode" if of_grpc else "HttpCode"
    matcher = {"Matcher": {code: check.matcher}} if check.matcher else {}  # AWS refuses an empty one
    return params | matcher
