"""Check the settings of a new target group, apart from its health check. Settings have the API's names."""

import re
from collections.abc import Mapping
from typing import Any

from reconciler.sandbox.elbv2.refusals import invalid, misconfigured

VERSIONS = ("GRPC", "HTTP1", "HTTP2")
GENEVE_PORT = 6081
_HTTP = ("HTTP", "HTTPS")


def complete_settings(sent: Mapping[str, Any]) -> dict[str, Any]:
    """Return the settings that were sent with the defaults of those that were not."""
    settings = {"TargetType": "instance", "IpAddressType": "ipv4", **sent}
    if settings.get("Protocol") in _HTTP:
        return {"ProtocolVersion": "HTTP1", **settings}
    return settings


def check_create(elb: Any, settings: Mapping[str, Any]) -> None:
    """Refuse a name, type, protocol, port or VPC that ELBv2 does not take."""
    _check_name(settings["Name"])
    _check_presence(settings)
    kind, protocol = settings["TargetType"], settings.get("Protocol")
    if kind == "alb" and protocol != "TCP":
        misconfigured(f"Protocol '{protocol}' is not supported for target groups with target type 'alb'")
    if protocol == "GENEVE" and settings["Port"] != GENEVE_PORT:
        misconfigured(f"The port must be {GENEVE_PORT} for target groups with the GENEVE protocol")
    version = settings.get("ProtocolVersion")
    if version is not None and protocol not in _HTTP:
        misconfigured(f"Protocol version is not supported for target groups with the {protocol} protocol")
    if version is not None and version not in VERSIONS:
        invalid(f"Protocol version '{version}' must be one of '{', '.join(VERSIONS)}'")
    vpc = settings.get("VpcId")
    if vpc is not None and vpc not in elb.ec2_backend.vpcs:
        invalid(f"The VPC ID '{vpc}' is not found")


def _check_name(name: str) -> None:
    if len(name) > 32:  # noqa: PLR2004 - AWS's limit
        invalid(f"Target group name '{name}' cannot be longer than '32' characters")
    if not re.fullmatch(r"[a-zA-Z0-9-]+", name):
        invalid(
            f"Target group name '{name}' can only contain characters that are alphanumeric characters or hyphens(-)"
        )
    if name.startswith("-") or name.endswith("-"):
        invalid(f"Target group name '{name}' cannot begin or end with '-'")


def _check_presence(settings: Mapping[str, Any]) -> None:
    needed = {"Protocol": "protocol", "Port": "port", "VpcId": "VPC ID"}
    for parameter, name in needed.items():
        if settings["TargetType"] == "lambda" and parameter in settings:
            refused = "VPC ID" if parameter == "VpcId" else parameter
            invalid(f"{refused} cannot be specified for target groups with target type 'lambda'")
        if settings["TargetType"] != "lambda" and parameter not in settings:
            invalid(f"A {name} must be specified")
