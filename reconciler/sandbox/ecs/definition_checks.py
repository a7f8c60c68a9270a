"""Check task definitions, and refuse them with ECS's messages."""

import json
import re
from typing import Any

from moto.ecs.exceptions import EcsClientException, InvalidParameterException

from reconciler.sandbox.ecs.container_checks import check_containers
from reconciler.sandbox.ecs.dependency_checks import check_dependencies
from reconciler.sandbox.ecs.fargate_checks import check_fargate, to_units
from reconciler.sandbox.ecs.tag_checks import check_tags

MAX_BYTES = 65_536  # of a task definition (awsdocs/amazon-ecs-developer-guide#149, with the message)
WITHOUT_AWSVPC = {"links": "Links", "extraHosts": "Extra hosts", "hostname": "Host names"}  # ECS API reference
ROLE = re.compile(r"arn:[a-z-]+:iam::\d{12}:role/.+|[\w+=,.@/-]+")


def check_definition(sent: dict[str, Any]) -> None:
    """Refuse parameters that RegisterTaskDefinition refuses."""
    if not re.fullmatch(r"[A-Za-z0-9_-]{1,255}", sent["family"]):
        raise EcsClientException("Family contains invalid characters, or more than 255.")
    _check_size(sent)
    if sent.get("tags") == []:
        raise InvalidParameterException("Tags can not be empty.")
    check_tags(sent.get("tags", []))
    for name in ("executionRoleArn", "taskRoleArn"):
        if name in sent and not ROLE.fullmatch(sent[name]):
            raise EcsClientException("Role is not valid")  # fabfuel/ecs-deploy#231
    _check_volumes(sent.get("volumes", []))
    if "FARGATE" in sent.get("requiresCompatibilities", []):
        check_fargate(sent)
    check_containers(sent)
    check_dependencies(sent["containerDefinitions"])
    if sent.get("networkMode") == "awsvpc":
        _check_awsvpc(sent["containerDefinitions"])
    _check_sums(sent)


def _check_size(sent: dict[str, Any]) -> None:
    """Refuse what is too large. AWS does not say how it counts: JSON without white space is an assumption."""
    size = len(json.dumps(sent, separators=(",", ":"), ensure_ascii=False).encode())
    if size > MAX_BYTES:
        raise EcsClientException(f"Actual length: '{size}'. Max allowed length is '{MAX_BYTES}' bytes.")


def _check_volumes(volumes: list[dict[str, Any]]) -> None:
    names = [volume.get("name") for volume in volumes]
    if not all(names):
        raise EcsClientException("Volume.name should not be null or empty.")
    if len(set(names)) < len(names):
        raise EcsClientException("Volume.name contains duplicate values.")


def _check_awsvpc(containers: list[dict[str, Any]]) -> None:
    for container in containers:
        for name, words in WITHOUT_AWSVPC.items():
            if container.get(name):
                raise EcsClientException(f"{words} are not supported when networkMode=awsvpc.")


def _check_sums(sent: dict[str, Any]) -> None:
    """Refuse containers that reserve more than the task has, each and together.

    (ECS developer guide, task size.)
    """
    containers = sent["containerDefinitions"]
    for name in ("memory", "cpu"):
        if name not in sent:
            continue
        most = to_units(sent[name])
        for container in containers:
            if container.get(name, 0) > most:
                of = f"Invalid setting for container '{container['name']}': more than the task has."
                raise EcsClientException(of)
        reserved = [c.get("memoryReservation", c.get("memory", 0)) for c in containers]
        total = sum(reserved if name == "memory" else [c.get("cpu", 0) for c in containers])
        if total > most:
            message = f"The total {name} of the containers, {total}, is more than the task has: {most}."
            raise EcsClientException(message)
