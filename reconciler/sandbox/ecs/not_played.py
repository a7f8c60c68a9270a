"""What the embedded ECS would have to store without acting on it is refused, so that no test rests on it."""

from typing import Any

from moto.ecs.exceptions import ECSException, InvalidParameterException
from moto.ecs.responses import EC2ContainerServiceResponse

from reconciler.sandbox.world import add

_PARAMETERS = {  # of CreateService and UpdateService
    "serviceConnectConfiguration": "Service Connect",
    "volumeConfigurations": "volumes that ECS manages",
    "vpcLatticeConfigurations": "VPC Lattice",
    "gatewayConnectors": "gateways",
    "monitoring": "the monitoring configuration of a service",
}
_DEPLOYMENT = {  # of deploymentConfiguration
    "lifecycleHooks": "lifecycle hooks of a deployment",
    "linearConfiguration": "linear deployments",
    "canaryConfiguration": "canary deployments",
    "earlySuccessCriteria": "early success criteria of a deployment",
}


def install() -> None:
    add(EC2ContainerServiceResponse, "create_task_set", create_task_set)


def create_task_set(_response: Any) -> None:
    """Refuse a task set: services have no external deployment controller here."""
    raise InvalidParameterException(
        "Amazon ECS only supports task set management on services configured to use external deployment controllers."
    )


def refuse_not_played(sent: dict[str, Any]) -> None:
    """Refuse a service that asks for what is not played. What is empty, or switched off, asks for nothing."""
    for name, words in _PARAMETERS.items():
        value = sent.get(name)
        if value and not (isinstance(value, dict) and value.get("enabled") is False):
            raise not_played(words)
    controller = sent.get("deploymentController", {}).get("type", "ECS")
    if controller != "ECS":
        raise not_played(f"the deployment controller {controller}")
    if sent.get("launchType") in ("EXTERNAL", "MANAGED_INSTANCES"):
        raise not_played(f"the launch type {sent['launchType']}")
    if any("advancedConfiguration" in balancer for balancer in sent.get("loadBalancers", [])):
        raise not_played("blue/green deployments")
    _refuse_deployment(sent.get("deploymentConfiguration", {}))


def _refuse_deployment(configuration: dict[str, Any]) -> None:
    strategy = configuration.get("strategy", "ROLLING")
    if strategy != "ROLLING":
        raise not_played(f"the deployment strategy {strategy}")
    if configuration.get("bakeTimeInMinutes"):
        raise not_played("the bake time of a deployment")
    if configuration.get("alarms", {}).get("enable"):
        raise not_played("alarms of a deployment")
    for name, words in _DEPLOYMENT.items():
        if configuration.get(name):
            raise not_played(words)


def not_played(words: str) -> ECSException:
    """Return the refusal of what the embedded AWS does not play."""
    return ECSException("UnsupportedFeatureException", f"The embedded AWS does not play {words}.")
