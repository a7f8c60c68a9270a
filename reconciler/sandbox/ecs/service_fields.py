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


def with_defaults(cluster: Any, fields: dict[str, Any]) -> dict[str, Any]:
    """Return a service's fields with defaults (ECS API reference; availabilityZoneRebalancing: tfp#43577)."""
    daemon = fields.get("schedulingStrategy") == "DAEMON"
    strategy = fields.get("capacityProviderStrategy") or []
    if not strategy and "launchType" not in fields:
        strategy = cluster.default_capacity_provider_strategy or []
    percents = {"maximumPercent": 100 if daemon else 200, "minimumHealthyPercent": 0 if daemon else 100}
    breaker = {"deploymentCircuitBreaker": {"enable": False, "rollback": False}}
    configuration = {**breaker, **percents, "strategy": "ROLLING", "bakeTimeInMinutes": 0}
    fields = {key: value for key, value in fields.items() if key != "capacityProviderStrategy"}
    capacity = (
        {"capacityProviderStrategy": strategy} if strategy else {"launchType": fields.get("launchType", "EC2")}
    )
    fargate = bool(strategy) or capacity["launchType"] == "FARGATE"
    platform = {"platformVersion": "LATEST", "platformFamily": "Linux"} if fargate else {}
    grace = {"healthCheckGracePeriodSeconds": 0} if fields.get("loadBalancers") else {}
    defaults = {
        "loadBalancers": [],
        "serviceRegistries": [],
        "placementConstraints": [],
        "placementStrategy": [],
        "schedulingStrategy": "REPLICA",
        "deploymentController": {"type": "ECS"},
        "enableECSManagedTags": False,
        "enableExecuteCommand": False,
        "propagateTags": "NONE",
        "availabilityZoneRebalancing": "ENABLED",
    }
    configuration |= fields.get("deploymentConfiguration", {})
    return defaults | platform | grace | fields | capacity | {"deploymentConfiguration": configuration}


def changed_fields(fields: dict[str, Any], changes: dict[str, Any]) -> dict[str, Any]:
    """Return the fields after an update. Fields not sent are kept, also within the deployment configuration."""
    changes = dict(changes)
    if "deploymentConfiguration" in changes:
        changes["deploymentConfiguration"] = (
            fields["deploymentConfiguration"] | changes["deploymentConfiguration"]
        )
    fields = fields | changes
    if "capacityProviderStrategy" in changes:
        dropped = "launchType" if changes["capacityProviderStrategy"] else "capacityProviderStrategy"
        fields.pop(dropped, None)
        if not changes["capacityProviderStrategy"]:
            fields["launchType"] = "FARGATE"
    return fields
