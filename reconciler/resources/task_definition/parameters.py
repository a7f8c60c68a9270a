"""Convert task definitions to and from ECS's form."""

import re
from collections.abc import Mapping
from typing import Any

from reconciler.model import tags
from reconciler.resources.task_definition import container_definitions
from reconciler.resources.task_definition.spec import EPHEMERAL_STORAGE, TaskDefinition
from reconciler.resources.task_definition.unmanaged import encode_unmanaged

Raw = Mapping[str, Any]

# Parameters of DescribeTaskDefinition that are not `others`: fields hold them, or no registration has them.
MANAGED_OR_ANSWERED = (
    *("taskDefinitionArn", "family", "revision", "status", "requiresAttributes", "compatibilities"),
    *("registeredAt", "registeredBy", "deregisteredAt", "deleteRequestedAt"),
    *("containerDefinitions", "cpu", "memory", "ephemeralStorage", "taskRoleArn", "executionRoleArn"),
)
ON_FARGATE = {
    "requiresCompatibilities": ["FARGATE"],
    "networkMode": "awsvpc",
}  # of each revision that we register


def encode_task_definition(want: TaskDefinition) -> dict[str, Any]:
    """Return the parameters of RegisterTaskDefinition."""
    roles = {"executionRoleArn": want.execution_role, "taskRoleArn": want.task_role}
    containers = sorted(want.containers.items())
    storage = {} if want.ephemeral_storage == EPHEMERAL_STORAGE else {"sizeInGiB": want.ephemeral_storage}
    return {
        "family": want.name,
        **ON_FARGATE,
        "cpu": str(want.cpu),
        "memory": str(want.memory),
        "runtimePlatform": {"cpuArchitecture": want.architecture, "operatingSystemFamily": "LINUX"},
        "containerDefinitions": [container_definitions.encode_container(name, c) for name, c in containers],
        **({"ephemeralStorage": storage} if storage else {}),
        **{k: role for k, role in roles.items() if role},
        **({"tags": tags.encode(want.tags, "key")} if want.tags else {}),  # AWS refuses an empty list
    }


def from_aws(raw: Raw) -> TaskDefinition:
    """Return the spec of a revision of DescribeTaskDefinition, without what AWS fills in by itself."""
    platform = dict(raw.get("runtimePlatform") or {})
    architecture = platform.pop("cpuArchitecture", "X86_64")
    rest = {k: v for k, v in raw.items() if k not in MANAGED_OR_ANSWERED and ON_FARGATE.get(k) != v}
    if platform in ({}, {"operatingSystemFamily": "LINUX"}):
        rest.pop("runtimePlatform", None)
    return TaskDefinition(
        name=raw["family"],
        cpu=parse_size(raw.get("cpu")),
        memory=parse_size(raw.get("memory")),
        architecture=architecture,
        ephemeral_storage=(raw.get("ephemeralStorage") or {}).get("sizeInGiB", EPHEMERAL_STORAGE),
        execution_role=raw.get("executionRoleArn"),
        task_role=raw.get("taskRoleArn"),
        containers={
            c.get("name", ""): container_definitions.from_aws(c) for c in raw.get("containerDefinitions", ())
        },
        others=encode_unmanaged(rest),
    )


def parse_size(size: str | None) -> int:
    """Return the size in CPU units or MiB, given "256", "1 vCPU" or "0.5GB"; 0 if there is none."""
    number = re.match(r"[\d.]+", size or "0")
    value = float(number[0]) if number else 0.0
    return int(value * 1024 if re.search(r"[A-Za-z]", size or "") else value)
