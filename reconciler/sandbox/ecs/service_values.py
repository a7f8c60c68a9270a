"""Check the values of a service's parameters, and refuse them with ECS's messages."""

import re
from typing import Any

from moto.ecs.exceptions import ECSException, InvalidParameterException

LONGEST_GRACE = 2_147_483_647  # seconds (ECS API reference, CreateService)
TOKEN = re.compile(r"[!-~]{1,36}")  # ECS API reference, CreateService
PERCENT = 100
PLATFORM_VERSIONS = ("LATEST", "1.4.0", "1.3.0", "1.2.0", "1.1.0", "1.0.0")


def check_values(sent: dict[str, Any]) -> None:
    """Refuse values out of range, given the parameters of a call."""
    if "clientToken" in sent and not TOKEN.fullmatch(sent["clientToken"]):
        raise InvalidParameterException("clientToken must be up to 36 ASCII characters in the range of 33-126.")
    if not 0 <= sent.get("healthCheckGracePeriodSeconds", 0) <= LONGEST_GRACE:
        message = f"healthCheckGracePeriodSeconds must be between 0 and {LONGEST_GRACE}."
        raise InvalidParameterException(message)
    if sent.get("platformVersion", "LATEST") not in PLATFORM_VERSIONS:
        raise ECSException("PlatformUnknownException", "The specified platform version does not exist.")
    _check_deployment(sent.get("deploymentConfiguration", {}))


def _check_deployment(configuration: dict[str, Any]) -> None:
    for name in ("maximumPercent", "minimumHealthyPercent"):
        if configuration.get(name, 0) < 0:
            raise InvalidParameterException(f"{name} must not be negative.")
    threshold = configuration.get("deploymentCircuitBreaker", {}).get("thresholdConfiguration")
    if threshold is None:
        return
    value, percent = threshold.get("value", 0), threshold.get("type") != "COUNT"
    if value < 1 or (percent and value > PERCENT):
        message = "Invalid deployment circuit breaker threshold value."  # go-to-k/cdkd#1806
        raise InvalidParameterException(message)


def check_count(fields: dict[str, Any], sent: dict[str, Any]) -> None:
    """Refuse a desired count that the service cannot have, given its fields and the parameters of the call."""
    if fields["schedulingStrategy"] == "DAEMON" and "desiredCount" in sent:
        raise InvalidParameterException(
            "The daemon scheduling strategy does not support a desired count for services. Remove the desired count "
            "value and try again."
        )
    if sent.get("desiredCount", 0) < 0:
        raise InvalidParameterException("desiredCount must not be negative.")


def require_count(fields: dict[str, Any], sent: dict[str, Any]) -> None:
    """Refuse a new service of replicas without a desired count (ECS API reference, CreateService)."""
    if fields["schedulingStrategy"] == "REPLICA" and "desiredCount" not in sent:
        raise InvalidParameterException("desiredCount is required for the scheduling strategy REPLICA.")


def check_percents(fields: dict[str, Any]) -> None:
    """Refuse percents that leave a deployment no room; see also rebalancing (aws-cdk#32259)."""
    most, least = (fields["deploymentConfiguration"][n] for n in ("maximumPercent", "minimumHealthyPercent"))
    if fields["schedulingStrategy"] == "DAEMON":
        _check_daemon(fields)
        return
    if most == least == PERCENT:
        message = "Both maximumPercent and minimumHealthyPercent cannot be 100 as this will block deployments."
        raise InvalidParameterException(message)
    if most < PERCENT or least >= most:
        raise InvalidParameterException(
            "maximumPercent must be at least 100 and more than minimumHealthyPercent."
        )
    if fields["availabilityZoneRebalancing"] == "ENABLED" and most <= PERCENT:
        raise InvalidParameterException(  # the message is not documented
            "Availability Zone rebalancing is not supported for services whose maximumPercent is 100 or less."
        )


def _check_daemon(fields: dict[str, Any]) -> None:
    unsupported = "The daemon scheduling strategy does not support"
    if fields["placementStrategy"]:
        raise InvalidParameterException(f"{unsupported} placement strategies.")
    if fields["availabilityZoneRebalancing"] == "ENABLED":
        raise InvalidParameterException(f"{unsupported} Availability Zone rebalancing.")
