"""Check what Fargate cannot run in a task definition, and refuse it with ECS's messages."""

import re
from typing import Any

from moto.ecs.exceptions import EcsClientException

# By CPU units the MiB of memory: first, last, step (ECS developer guide, task size).
FARGATE_SIZES = {
    256: (512, 2048, 512),
    512: (1024, 4096, 1024),
    1024: (2048, 8192, 1024),
    2048: (4096, 16384, 1024),
    4096: (8192, 30720, 1024),
    8192: (16384, 61440, 4096),
    16384: (32768, 122880, 8192),
}
WINDOWS_SIZES = {1024, 2048, 4096}
LOG_DRIVERS = ("awslogs", "splunk", "awsfirelens")  # ECS API reference, LogConfiguration
STORAGE = range(21, 201)  # GiB (ECS API reference, EphemeralStorage)
LONGEST_STOP = 120  # seconds, also the longest start (ECS API reference, ContainerDefinition)
LINUX_PARAMETERS = ("devices", "sharedMemorySize", "maxSwap", "swappiness")
CONTAINER_PARAMETERS = ("dockerSecurityOptions", "privileged")


def check_fargate(sent: dict[str, Any]) -> None:
    """Refuse what Fargate does not support (ECS developer guide, task definition differences)."""
    for name in ("cpu", "memory"):
        if name not in sent:
            raise EcsClientException(f"Fargate requires that '{name}' be defined at the task level.")
    if sent.get("networkMode") != "awsvpc":
        raise EcsClientException("Fargate only supports network mode ‘awsvpc’.")  # noqa: RUF001 - AWS's own quotes
    _check_sizes(sent)
    _check_task(sent)
    _check_execution_role(sent)
    for container in sent["containerDefinitions"]:
        _check_container(container)


def _check_sizes(sent: dict[str, Any]) -> None:
    cpu, memory = to_units(sent["cpu"]), to_units(sent["memory"])
    first, last, step = FARGATE_SIZES.get(cpu, (1, 0, 1))
    fits = first <= memory <= last and (memory - first) % step == 0 and (cpu, memory) != (256, 1536)
    windows = sent.get("runtimePlatform", {}).get("operatingSystemFamily", "LINUX") != "LINUX"
    if not fits or (windows and cpu not in WINDOWS_SIZES):
        raise EcsClientException(
            f"No Fargate configuration exists for given values: {cpu} CPU, {memory} memory."
        )
    if windows and sent["runtimePlatform"].get("cpuArchitecture") == "ARM64":
        raise EcsClientException("Windows containers on Fargate do not support the CPU architecture ARM64.")


def _check_task(sent: dict[str, Any]) -> None:
    unsupported = "Tasks using the Fargate launch type do not support"
    if "ipcMode" in sent:  # cn-terraform/terraform-aws-ecs-fargate#2
        raise EcsClientException(f"{unsupported} ipcMode.")
    if sent.get("placementConstraints"):
        raise EcsClientException(f"{unsupported} placementConstraints.")
    storage = sent.get("ephemeralStorage")
    if storage and storage["sizeInGiB"] not in STORAGE:
        message = f"EphemeralStorage size should be at least {STORAGE[0]} and at most {STORAGE[-1]} GiB."
        raise EcsClientException(message)  # guardian/cdk#1101
    for volume in sent.get("volumes", []):
        if volume.get("host", {}).get("sourcePath"):
            raise EcsClientException("host.sourcePath should not be set for volumes in Fargate.")
        if "dockerVolumeConfiguration" in volume:
            raise EcsClientException(f"{unsupported} dockerVolumeConfiguration.")


def _check_execution_role(sent: dict[str, Any]) -> None:
    if "executionRoleArn" in sent:
        return
    needs = "Fargate requires task definition to have execution role ARN to support"
    for container in sent["containerDefinitions"]:
        if container.get("logConfiguration", {}).get("logDriver") == "awslogs":
            raise EcsClientException(f"{needs} log driver awslogs.")
        if ".dkr.ecr." in container.get("image", ""):
            raise EcsClientException(f"{needs} ECR images.")
        if container.get("secrets"):
            raise EcsClientException(f"{needs} secrets.")
        if container.get("environmentFiles"):
            raise EcsClientException(f"{needs} environment files.")


def _check_container(container: dict[str, Any]) -> None:
    linux = container.get("linuxParameters", {})
    added = linux.get("capabilities", {}).get("add", [])
    gpu = [r for r in container.get("resourceRequirements", []) if r.get("type") == "GPU"]
    named = [
        *(name for name in CONTAINER_PARAMETERS if container.get(name)),
        *(f"linuxParameters.{name}" for name in LINUX_PARAMETERS if linux.get(name) is not None),
        *(f"capability {name}" for name in added if name != "SYS_PTRACE"),
        *("GPU" for _ in gpu),
    ]
    if named:
        raise EcsClientException(f"Fargate compatible task definitions do not support {named[0]}.")
    driver = container.get("logConfiguration", {}).get("logDriver", "awslogs")
    if driver not in LOG_DRIVERS:
        raise EcsClientException(
            f"Log driver {driver} is not supported on Fargate: use {', '.join(LOG_DRIVERS)}."
        )
    for name in ("startTimeout", "stopTimeout"):
        if not 0 <= container.get(name, 0) <= LONGEST_STOP:
            raise EcsClientException(f"Container.{name} must be at most {LONGEST_STOP} seconds on Fargate.")


def to_units(size: str) -> int:
    """Return a size in units or MiB, given `256`, `.25 vCPU` or `0.5GB` (ECS developer guide, task size)."""
    match = re.fullmatch(r"\s*([0-9]*\.?[0-9]+)\s*(vCPU|GB)?\s*", size, re.IGNORECASE)
    if match is None:
        raise EcsClientException(f"Invalid setting for task: '{size}'.")
    return int(float(match[1]) * (1024 if match[2] else 1))
