"""Check task definitions, refuse them with ECS's messages, and fill in ECS's defaults."""

import json
import re
from typing import Any

from moto.ecs.exceptions import EcsClientException, InvalidParameterException

MAX_BYTES = 65_536  # of a task definition (awsdocs/amazon-ecs-developer-guide#149, with the message)

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


def check_definition(sent: dict[str, Any]) -> None:
    """Refuse parameters that RegisterTaskDefinition refuses."""
    if not re.fullmatch(r"[A-Za-z0-9_-]{1,255}", sent["family"]):
        raise EcsClientException("Family contains invalid characters.")
    _check_size(sent)
    if sent.get("tags") == []:
        raise InvalidParameterException("Tags can not be empty.")
    containers = sent["containerDefinitions"]
    names = [container.get("name") for container in containers]
    if len(set(names)) < len(names):
        raise EcsClientException("Container.name contains duplicate values.")
    if not any(container.get("essential", True) for container in containers):
        raise EcsClientException("A task definition must have at least one essential container.")
    if "FARGATE" in sent.get("requiresCompatibilities", []):
        _check_fargate(sent)
    if sent.get("networkMode") == "awsvpc":
        _check_ports(containers)


def _check_size(sent: dict[str, Any]) -> None:
    """Refuse what is too large. AWS does not say how it counts: JSON without white space is an assumption."""
    size = len(json.dumps(sent, separators=(",", ":"), ensure_ascii=False).encode())
    if size > MAX_BYTES:
        raise EcsClientException(f"Actual length: '{size}'. Max allowed length is '{MAX_BYTES}' bytes.")


def _check_fargate(sent: dict[str, Any]) -> None:
    for name in ("cpu", "memory"):
        if name not in sent:
            raise EcsClientException(f"Fargate requires that '{name}' be defined at the task level.")
    if sent.get("networkMode") != "awsvpc":
        raise EcsClientException("Fargate only supports network mode ‘awsvpc’.")  # noqa: RUF001 - AWS's own quotes
    cpu, memory = _units(sent["cpu"]), _units(sent["memory"])
    first, last, step = FARGATE_SIZES.get(cpu, (1, 0, 1))
    fits = first <= memory <= last and (memory - first) % step == 0 and (cpu, memory) != (256, 1536)
    if not fits:
        raise EcsClientException(
            f"No Fargate configuration exists for given values: {cpu} CPU, {memory} memory."
        )
    _check_execution_role(sent)
    for container in sent["containerDefinitions"]:
        if container.get("memory", 0) > memory or container.get("cpu", 0) > cpu:
            raise EcsClientException(
                f"Invalid setting for container '{container['name']}': more than the task has."
            )


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


def _check_ports(containers: list[dict[str, Any]]) -> None:
    for container in containers:
        for mapping in container.get("portMappings", []):
            if mapping.get("hostPort") not in (None, 0, mapping.get("containerPort")):
                message = "the host ports and container ports in port mappings must match."
                raise EcsClientException(f"When networkMode=awsvpc, {message}")


def _units(size: str) -> int:
    """Return a size in units or MiB, given `256`, `.25 vCPU` or `0.5GB` (ECS developer guide, task size)."""
    match = re.fullmatch(r"\s*([0-9.]+)\s*(vCPU|GB)?\s*", size, re.IGNORECASE)
    if match is None:
        raise EcsClientException(f"Invalid setting for task: '{size}'.")
    return int(float(match[1]) * (1024 if match[2] else 1))


def fill_definition(sent: dict[str, Any]) -> dict[str, Any]:
    """Return the parameters with sizes in units and the defaults that ECS fills in."""
    awsvpc = sent.get("networkMode") == "awsvpc"
    sizes = {name: str(_units(sent[name])) for name in ("cpu", "memory") if name in sent}
    containers = [_fill_container(container, awsvpc=awsvpc) for container in sent["containerDefinitions"]]
    return sent | sizes | {"containerDefinitions": containers}


def _fill_container(container: dict[str, Any], *, awsvpc: bool) -> dict[str, Any]:
    """Fill in the defaults of a container, and reverse its environment.

    AWS does not keep the order of the environment (aws-facts 4). It is reversed so that no client relies on it.
    """
    filled = {"systemControls": [], **container, "environment": container.get("environment", [])[::-1]}
    ports = container.get("portMappings", [])
    filled["portMappings"] = [_fill_port(mapping, awsvpc=awsvpc) for mapping in ports]
    if "healthCheck" in container:
        filled["healthCheck"] = {"interval": 30, "timeout": 5, "retries": 3, **container["healthCheck"]}
    return filled


def _fill_port(mapping: dict[str, Any], *, awsvpc: bool) -> dict[str, Any]:
    host = mapping["containerPort"] if awsvpc else mapping.get("hostPort", 0)
    return {"protocol": "tcp", **mapping, "hostPort": host}
