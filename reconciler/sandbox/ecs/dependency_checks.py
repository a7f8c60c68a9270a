"""Check what containers of a task definition wait for."""

from typing import Any

from moto.ecs.exceptions import EcsClientException


def check_dependencies(containers: list[dict[str, Any]]) -> None:
    """Refuse dependencies that cannot be met (ECS API reference, ContainerDependency)."""
    by_name = {container["name"]: container for container in containers}
    for container in containers:
        for dependency in container.get("dependsOn", []):
            _check_dependency(container["name"], dependency, by_name)
    _check_circles({c["name"]: {d["containerName"] for d in c.get("dependsOn", [])} for c in containers})


def _check_dependency(name: str, dependency: dict[str, str], by_name: dict[str, Any]) -> None:
    target = by_name.get(dependency["containerName"])
    if target is None:
        raise EcsClientException(
            f"Container '{name}' depends on container '{dependency['containerName']}', which does not exist."
        )
    if dependency["condition"] == "HEALTHY" and "healthCheck" not in target:
        raise EcsClientException("A dependency container with HEALTHY condition must have a health check.")
    if dependency["condition"] in ("SUCCESS", "COMPLETE") and target.get("essential", True):
        raise EcsClientException(  # boto3#2436
            "A dependency container with SUCCESS or COMPLETE condition cannot be an essential container"
        )


def _check_circles(waits_for: dict[str, set[str]]) -> None:
    """Refuse containers that wait for each other, or for themselves."""
    left = dict(waits_for)
    while ready := {name for name, targets in left.items() if not targets & left.keys()}:
        left = {name: targets for name, targets in left.items() if name not in ready}
    if left:
        raise EcsClientException(f"Container dependencies are circular: {', '.join(sorted(left))}.")
