"""Check the containers of a task definition, and refuse them with ECS's messages."""

import re
from collections import Counter
from typing import Any

from moto.ecs.exceptions import EcsClientException

from reconciler.sandbox.ecs.env_files import check_env_files
from reconciler.sandbox.ecs.process_checks import check_process

NAME_PATTERN = re.compile(r"[A-Za-z0-9_-]{1,255}")
LEAST_MEMORY = 6  # MiB, Docker's own (ECS API reference, ContainerDefinition)
MAX_CONTAINERS = 10  # of a task definition (ECS developer guide, "service quotas")
PORTS = range(1, 65_536)
HEALTH_CHECKS = {  # seconds, and tries (ECS API reference, HealthCheck)
    "interval": (5, 300),
    "timeout": (2, 60),
    "retries": (1, 10),
    "startPeriod": (0, 300),
}
LOG_OPTIONS = ("awslogs-group", "awslogs-region")
_SECRET = re.compile(r"arn:[a-z-]+:(ssm|secretsmanager):[a-z0-9-]+:\d+:.+|[^:]+")

Container = dict[str, Any]


def check_containers(sent: dict[str, Any]) -> None:
    """Refuse containers that no task could run, whatever it runs on."""
    containers = sent["containerDefinitions"]
    if not containers:
        raise EcsClientException("Container list cannot be empty.")
    if len(containers) > MAX_CONTAINERS:
        raise EcsClientException("Too many containers.")  # aws/amazon-ecs-cli#184
    for container in containers:
        _check_name(container)
    if len({container["name"] for container in containers}) < len(containers):
        raise EcsClientException("Container.name contains duplicate values.")
    if not any(container.get("essential", True) for container in containers):
        raise EcsClientException("A task definition must have at least one essential container.")
    volumes = {volume.get("name") for volume in sent.get("volumes", [])}
    for container in containers:
        _check_mounts(container, volumes, {c["name"] for c in containers})
        _check_health(container)
        _check_logs(container)
        _check_secrets(container)
        check_env_files(container)
        check_process(container)
        _check_memory(container, of_task="memory" in sent)
    _check_ports(sent.get("networkMode", "bridge"), containers)


def _check_name(container: Container) -> None:
    for name in ("name", "image"):
        if not container.get(name):
            raise EcsClientException(f"Container.{name} should not be null or empty.")
    if not NAME_PATTERN.fullmatch(container["name"]):
        raise EcsClientException(
            "Container.name contains invalid characters, or more than 255: letters, numbers, hyphens and "
            "underscores are allowed."
        )


def _check_mounts(container: Container, volumes: set[Any], names: set[str]) -> None:
    """Refuse volumes that are not defined (ansible#35751), and containers to mount from that are not there."""
    for mount in container.get("mountPoints", []):
        if mount.get("sourceVolume") not in volumes:
            raise EcsClientException(f"Unknown volume '{mount.get('sourceVolume')}'.")
        if not mount.get("containerPath"):
            raise EcsClientException("MountPoint.containerPath should not be null or empty.")
    for source in container.get("volumesFrom", []):
        if source.get("sourceContainer") not in names - {container["name"]}:
            raise EcsClientException(f"Unknown container '{source.get('sourceContainer')}' in volumesFrom.")


def _check_health(container: Container) -> None:
    check = container.get("healthCheck")
    if check is None:
        return
    if not check.get("command"):
        raise EcsClientException("healthCheck.command should not be null or empty.")
    for name, (least, most) in HEALTH_CHECKS.items():
        if name in check and not least <= check[name] <= most:
            raise EcsClientException(f"healthCheck.{name} must be between {least} and {most}.")


def _check_logs(container: Container) -> None:
    """Refuse awslogs without the options that it needs (ECS developer guide, awslogs log driver)."""
    logs = container.get("logConfiguration", {})
    missing = [name for name in LOG_OPTIONS if name not in logs.get("options", {})]
    if logs.get("logDriver") == "awslogs" and missing:
        raise EcsClientException(f"Log driver awslogs requires options: {', '.join(missing)}")


def _check_secrets(container: Container) -> None:
    """Refuse secrets without name or source, and names that stand for two values."""
    taken = [entry.get("name") for entry in container.get("environment", [])]
    options = container.get("logConfiguration", {}).get("secretOptions", [])
    for secret in [*container.get("secrets", []), *options]:
        if not secret["name"] or not _SECRET.fullmatch(secret["valueFrom"]):
            message = (
                f"Invalid secret '{secret['name']}': valueFrom must be the ARN of a secret or a parameter."
            )
            raise EcsClientException(message)
    for secret in container.get("secrets", []):
        if secret["name"] in taken:
            raise EcsClientException(
                "The secret name must be unique and not shared with any new or existing environment variables set "
                f"on the container, such as '{secret['name']}'."
            )
        taken.append(secret["name"])


def _check_memory(container: Container, *, of_task: bool) -> None:
    setting = f"Invalid setting for container '{container['name']}'."
    hard, soft = container.get("memory"), container.get("memoryReservation")
    if hard is None and soft is None and not of_task:
        raise EcsClientException(
            f"{setting} At least one of 'memory' or 'memoryReservation' must be specified."
        )
    if any(value is not None and value < LEAST_MEMORY for value in (hard, soft)):
        raise EcsClientException(f"{setting} Memory must be at least {LEAST_MEMORY} MiB.")
    if hard is not None and soft is not None and hard < soft:
        raise EcsClientException(f"{setting} 'memory' must be greater than 'memoryReservation'.")
    if container.get("cpu", 0) < 0:
        raise EcsClientException(f"{setting} 'cpu' must not be negative.")


def _check_ports(mode: str, containers: list[Container]) -> None:
    mappings = [
        m for container in containers for m in container.get("portMappings", []) if "containerPort" in m
    ]
    for mapping in mappings:
        if mapping["containerPort"] not in PORTS or mapping.get("hostPort", 0) not in (0, *PORTS):
            raise EcsClientException("Container ports and host ports must be between 1 and 65535.")
        if mode in ("awsvpc", "host") and mapping.get("hostPort") not in (None, 0, mapping["containerPort"]):
            message = "the host ports and container ports in port mappings must match."
            raise EcsClientException(f"When networkMode={mode}, {message}")
    key = "containerPort" if mode in ("awsvpc", "host") else "hostPort"
    used = Counter((m.get(key, 0), m.get("protocol", "tcp")) for m in mappings)
    for (port, protocol), count in used.items():
        if port and count > 1:
            raise EcsClientException(f"The {key} {port}/{protocol} is used by more than one port mapping.")
