"""The fields of a service: the normal form in which ECS stores them, its defaults, and updates."""

from typing import Any

# A changed strategy waits for the next deployment (ECS API reference, UpdateService).
CAPACITY_FIELDS = {"capacityProviderStrategy", "launchType"}


def normalize_service(ecs: Any, sent: dict[str, Any]) -> dict[str, Any]:
    """Return the parameters as ECS stores them: with task definition ARN, sorted lists, base and weight."""
    normal = {k: v for k, v in sent.items() if k not in ("cluster", "clientToken", "forceNewDeployment")}
    if "taskDefinition" in normal:
        normal["taskDefinition"] = ecs.describe_task_definition(normal["taskDefinition"]).arn
    network = normal.get("networkConfiguration", {}).get("awsvpcConfiguration")
    if network:
        normal["networkConfiguration"] = {
            "awsvpcConfiguration": {
                "subnets": sorted(network.get("subnets", [])),
                "securityGroups": sorted(network.get("securityGroups", [])),
                "assignPublicIp": network.get("assignPublicIp", "DISABLED"),
            }
        }
    if "capacityProviderStrategy" in normal:
        items = normal["capacityProviderStrategy"]
        normal["capacityProviderStrategy"] = [{"base": 0, "weight": 0} | item for item in items]
    return normal


def with_defaults(ecs: Any, cluster: Any, fields: dict[str, Any]) -> dict[str, Any]:
    """Return a service's fields with the defaults that a new service reads back (recorded)."""
    daemon = fields.get("schedulingStrategy") == "DAEMON"
    strategy = fields.get("capacityProviderStrategy") or []
    if not strategy and "launchType" not in fields:
        strategy = cluster.default_capacity_provider_strategy or []
    fields = {key: value for key, value in fields.items() if key != "capacityProviderStrategy"}
    capacity = (
        {"capacityProviderStrategy": strategy} if strategy else {"launchType": fields.get("launchType", "EC2")}
    )
    fargate = bool(strategy) or capacity["launchType"] == "FARGATE"
    platform = {"platformVersion": "LATEST", "platformFamily": "Linux"} if fargate else {}
    network = {"roleArn": service_linked_role(ecs)} if "networkConfiguration" in fields else {}
    defaults = {
        "loadBalancers": [],
        "serviceRegistries": [],
        "placementConstraints": [],
        "placementStrategy": [],
        "schedulingStrategy": "REPLICA",
        "deploymentController": {"type": "ECS"},
        "enableECSManagedTags": False,
        "enableExecuteCommand": False,
        "healthCheckGracePeriodSeconds": 0,
        "propagateTags": "NONE",
        "availabilityZoneRebalancing": "DISABLED" if daemon else "ENABLED",
    }
    configuration = merge_deployment(
        _default_deployment(daemon=daemon), fields.get("deploymentConfiguration", {})
    )
    return defaults | platform | network | fields | capacity | {"deploymentConfiguration": configuration}


def service_linked_role(ecs: Any) -> str:
    """Return the ARN of the role of ECS itself, which services in awsvpc mode read back (recorded)."""
    role = "aws-service-role/ecs.amazonaws.com/AWSServiceRoleForECS"
    return f"arn:{ecs.partition}:iam::{ecs.account_id}:role/{role}"


def _default_deployment(*, daemon: bool) -> dict[str, Any]:
    """Return the deployment configuration of a new service (recorded, since July 2026)."""
    breaker = {
        "enable": False,
        "rollback": False,
        "resetOnHealthyTask": True,
        "thresholdConfiguration": {"type": "BOUNDED_PERCENT", "value": 50},
    }
    return {
        "deploymentCircuitBreaker": breaker,
        "maximumPercent": 100 if daemon else 200,
        "minimumHealthyPercent": 0 if daemon else 100,
        "strategy": "ROLLING",
        "bakeTimeInMinutes": 0,
    }


def merge_deployment(present: dict[str, Any], sent: dict[str, Any]) -> dict[str, Any]:
    """Return the deployment configuration after an update that sends this one.

    What is not sent is kept. A circuit breaker is replaced, but its optional members are kept too; one sent
    without `rollback` does not roll back (go-to-k/cdkd#1225, #1861).
    """
    merged = present | sent
    if "deploymentCircuitBreaker" in sent:
        flags = {"enable": False, "rollback": False}
        merged["deploymentCircuitBreaker"] = (
            present["deploymentCircuitBreaker"] | flags | sent["deploymentCircuitBreaker"]
        )
    return merged


def changed_fields(ecs: Any, fields: dict[str, Any], changes: dict[str, Any]) -> dict[str, Any]:
    """Return the fields after an update. Fields not sent are kept, also within the deployment configuration."""
    changes = dict(changes)
    if "deploymentConfiguration" in changes:
        changes["deploymentConfiguration"] = merge_deployment(
            fields["deploymentConfiguration"], changes["deploymentConfiguration"]
        )
    fields = fields | changes
    if "networkConfiguration" in changes:
        fields["roleArn"] = service_linked_role(ecs)
    if "capacityProviderStrategy" in changes:
        dropped = "launchType" if changes["capacityProviderStrategy"] else "capacityProviderStrategy"
        fields.pop(dropped, None)
        if not changes["capacityProviderStrategy"]:
            fields["launchType"] = "FARGATE"
    return fields
