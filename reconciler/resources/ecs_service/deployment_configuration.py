"""Convert a service's deployment configuration to and from ECS's form."""

from collections.abc import Mapping
from typing import Any

from reconciler.resources.ecs_service.spec import BREAKER_THRESHOLD, EcsService

BREAKER_LIMITS = ("breaker_threshold", "breaker_resets")
TOLD_ONLY = ("strategy", "deployment_alarms")  # read, and never sent: see `AwsDefault`
DEPLOYMENT_FIELDS = (
    "minimum_healthy_percent",
    "maximum_percent",
    "circuit_breaker",
    *BREAKER_LIMITS,
    *TOLD_ONLY,
)

CIRCUIT_BREAKERS = {  # the field -> `enable` and `rollback` of DeploymentCircuitBreaker
    "rollback": (True, True),
    "enabled": (True, False),
    "off": (False, False),
}
CIRCUIT_BREAKER_NAMES = {flags: name for name, flags in CIRCUIT_BREAKERS.items()}


def encode_deployment(want: EcsService, *, limits: bool = False) -> dict[str, Any]:
    """Return the configuration, with the breaker's limits only if they are to be changed or are not AWS's.

    ECS keeps limits, strategy and alarms that are not sent, and replaces the breaker's two flags (recorded).
    """
    enable, rollback = CIRCUIT_BREAKERS[want.circuit_breaker]
    breaker: dict[str, Any] = {"enable": enable, "rollback": rollback}
    if limits or want.breaker_threshold != BREAKER_THRESHOLD or not want.breaker_resets:
        kind, _, value = want.breaker_threshold.partition(" ")
        breaker |= {"thresholdConfiguration": {"type": kind, "value": int(value)}}
        breaker |= {"resetOnHealthyTask": want.breaker_resets}
    return {
        "minimumHealthyPercent": want.minimum_healthy_percent,
        "maximumPercent": want.maximum_percent,
        "deploymentCircuitBreaker": breaker,
    }


def decode_deployment(raw: Mapping[str, Any]) -> dict[str, Any]:
    """Return the fields, given a service of DescribeServices. What it does not tell is AWS's default."""
    deployment = raw.get("deploymentConfiguration", {})
    breaker, alarms = deployment.get("deploymentCircuitBreaker", {}), deployment.get("alarms", {})
    flags = breaker.get("enable", False), breaker.get("rollback", False)
    return {
        "minimum_healthy_percent": deployment.get("minimumHealthyPercent", 100),
        "maximum_percent": deployment.get("maximumPercent", 200),
        "circuit_breaker": CIRCUIT_BREAKER_NAMES.get(flags, "off"),
        "breaker_threshold": _decode_threshold(breaker.get("thresholdConfiguration", {})),
        "breaker_resets": breaker.get("resetOnHealthyTask", True),
        "strategy": deployment.get("strategy", "ROLLING"),
        "deployment_alarms": frozenset(alarms.get("alarmNames", ()) if alarms.get("enable") else ()),
    }


def _decode_threshold(threshold: Mapping[str, Any]) -> str:
    return (
        f"{threshold['type']} {threshold['value']}"
        if {"type", "value"} <= threshold.keys()
        else BREAKER_THRESHOLD
    )
