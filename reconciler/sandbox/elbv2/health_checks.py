"""Health checks of target groups, by the API's names: defaults as recorded, and what ELBv2 refuses."""

import re
from collections.abc import Mapping
from typing import Any

from reconciler.sandbox.elbv2.refusals import invalid, misconfigured

HTTP = ("HTTP", "HTTPS")
GRPC_PATH = "/AWS.ALB/healthcheck"
_BASE = {"HealthCheckIntervalSeconds": 30, "HealthyThresholdCount": 5, "UnhealthyThresholdCount": 2}
_LAMBDA = {
    **_BASE,
    "HealthCheckEnabled": False,
    "HealthCheckIntervalSeconds": 35,
    "HealthCheckTimeoutSeconds": 30,
    "HealthCheckPath": "/",
    "Matcher": {"HttpCode": "200"},
}


def complete_check(settings: Mapping[str, Any]) -> dict[str, Any]:
    """Return the settings of a target group with all of its health check, as recorded.

    The API's model says that the timeout is 6 seconds for HTTP and 10 for HTTPS; all records have 5.
    """
    if settings["TargetType"] == "lambda":
        return {**_LAMBDA, **settings}
    full = {**_BASE, "HealthCheckEnabled": True, "HealthCheckPort": "traffic-port", **_defaults(settings)}
    if settings.get("HealthCheckProtocol", full["HealthCheckProtocol"]) in HTTP:
        full |= {"HealthCheckPath": "/", "Matcher": {"HttpCode": "200-399"}}
    if settings["Protocol"] in HTTP:
        full["Matcher"] = {"HttpCode": "200"}
    if _is_grpc(settings):
        full |= {"HealthCheckPath": GRPC_PATH, "Matcher": {"GrpcCode": "12"}}
    return {**full, **settings}


def _defaults(settings: Mapping[str, Any]) -> dict[str, Any]:
    """Return the defaults of a check that depend on what is checked, unless it is a function."""
    group = settings["Protocol"]
    if group in HTTP:
        return {"HealthCheckProtocol": group, "HealthCheckTimeoutSeconds": 5}
    if settings["TargetType"] == "alb":
        return {"HealthCheckProtocol": "HTTP", "HealthCheckTimeoutSeconds": 6}
    tcp = {"HealthCheckProtocol": "TCP", "HealthCheckTimeoutSeconds": 10}
    if group == "GENEVE":
        tcp |= {"HealthCheckTimeoutSeconds": 5, "HealthCheckIntervalSeconds": 10, "HealthCheckPort": "80"}
    return tcp


def check_health_check(settings: Mapping[str, Any]) -> None:
    """Refuse a health check that ELBv2 does not take, given all settings of the group."""
    if settings["TargetType"] != "lambda":
        if not settings["HealthCheckEnabled"]:
            misconfigured(
                "Health check enabled must be true for target groups with target type 'instance', 'ip' or 'alb'"
            )
        _check_protocol(settings)
        _check_port(str(settings["HealthCheckPort"]))
    _check_path(settings)
    _check_matcher(settings)
    interval, timeout = settings["HealthCheckIntervalSeconds"], settings["HealthCheckTimeoutSeconds"]
    strict = settings.get("Protocol") in (*HTTP, None)  # a network load balancer's may be equal (aws-cdk#16446)
    if interval < timeout or (strict and interval == timeout):
        invalid("Health check interval must be greater than the timeout.")


def _check_protocol(settings: Mapping[str, Any]) -> None:
    protocol, group = settings["HealthCheckProtocol"], settings["Protocol"]
    allowed = HTTP if group in HTTP or settings["TargetType"] == "alb" else (*HTTP, "TCP")
    if protocol not in allowed:
        misconfigured(
            f"Health check protocol '{protocol}' is not supported for target groups with the {group} protocol"
        )


def _check_port(port: str) -> None:
    if port != "traffic-port" and not (port.isdecimal() and 1 <= int(port) <= 65_535):  # noqa: PLR2004
        invalid(f"Health check port '{port}' must be 'traffic-port' or a number between 1 and 65535")


def _check_path(settings: Mapping[str, Any]) -> None:
    path = settings.get("HealthCheckPath")
    if path is None:
        return
    if settings.get("HealthCheckProtocol") == "TCP":
        misconfigured("Health check paths are not supported for TCP health checks")
    if not path.startswith("/"):
        invalid(f"Health check path '{path}' must begin with a '/' character")
    if not re.fullmatch(r"[!-~]+", path):
        invalid(f"Health check path '{path}' contains characters that are not valid")


def _check_matcher(settings: Mapping[str, Any]) -> None:
    matcher = settings.get("Matcher")
    if matcher is None:
        return
    if settings.get("HealthCheckProtocol") == "TCP":
        misconfigured("Health check matchers are not supported for TCP health checks")
    wanted, other = ("GrpcCode", "HttpCode") if _is_grpc(settings) else ("HttpCode", "GrpcCode")
    if other in matcher:
        misconfigured(
            f"Health check matcher {other} is not supported for the protocol version of the target group"
        )
    least, most = (0, 99) if _is_grpc(settings) else (200, 499 if _is_application(settings) else 599)
    name = "gRPC" if _is_grpc(settings) else "HTTP"
    if not matcher.get(wanted):
        invalid(f"Health check matcher {name} code cannot be empty")
    if not _are_codes(matcher[wanted], least, most):
        invalid(
            f"Health check matcher {name} code '{matcher[wanted]}' must be within '{least}-{most}' inclusive"
        )


def _is_grpc(settings: Mapping[str, Any]) -> bool:
    return settings.get("ProtocolVersion") == "GRPC"


def _is_application(settings: Mapping[str, Any]) -> bool:
    return settings.get("Protocol") in (*HTTP, None)


def _are_codes(text: str, least: int, most: int) -> bool:
    """Tell whether a text is a list of codes and ranges of codes, such as 200-299,302, within these bounds."""
    if not re.fullmatch(r"\d{1,3}(-\d{1,3})?(,\d{1,3}(-\d{1,3})?)*", text):
        return False
    ranges = [[int(code) for code in part.split("-")] for part in text.split(",")]
    return all(least <= part[0] <= part[-1] <= most for part in ranges)
