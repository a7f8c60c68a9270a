"""The size of a task definition (ECS developer guide, "Service quotas")."""

import json
from collections.abc import Iterator
from typing import Any

from desired_state.sizes import format_sizes
from desired_state.tree import KeyPath
from reconciler.blueprint.facts import Facts
from reconciler.blueprint.limits.excess import Excess
from reconciler.model.references import Ref, resolve
from reconciler.resources.task_definition import TaskDefinition
from reconciler.resources.task_definition.parameters import encode_task_definition

MAX_BYTES = 65_536  # 64 KiB
LISTS_OF_NAMED = {"environment", "secrets"}  # parameters of a container whose items have names
FILE_KEYS = {  # parameters of a container that come from one key of the service
    "environment": "environment",
    "secrets": "secrets",
    "environmentFiles": "env_file",
    "entryPoint": "entrypoint",
    "command": "command",
    "healthCheck": "container_health_check",
}


def find_excess(definition: TaskDefinition, facts: Facts) -> Iterator[Excess]:
    """Yield the excess of a task definition that is too large.

    AWS does not say how it counts. This counts the parameters as JSON without white space, in UTF-8.
    """
    params = resolve(encode_task_definition(definition), lambda ref: _stand_in(ref, facts))
    size = _count_bytes(params)
    if size <= MAX_BYTES:
        return
    (own,) = (c for c in params["containerDefinitions"] if c["name"] == definition.service)
    parts = {key: _count_bytes(own[key]) for key in own}
    largest = max(parts, key=lambda key: parts[key])
    items = {
        key: format_sizes({i["name"]: _count_bytes(i) for i in own[key]}) for key in LISTS_OF_NAMED & own.keys()
    }
    parts["all else"] = size - sum(parts.values())
    yield Excess(
        _locate(definition, largest),
        f"the task definition would have {size:,} bytes, and ECS takes {MAX_BYTES:,}: {format_sizes(parts, items)}; "
        "put long values where the service reads them itself, such as S3 or SSM",
    )


def _stand_in(ref: Ref, facts: Facts) -> str:
    """Return a text that is as long as the output will be."""
    match ref.attr:
        case "arn":
            return f"arn:{facts.partition}:iam::{facts.account}:role/{ref.name}"
        case "uri":
            return f"{facts.account}.dkr.ecr.{facts.region}.amazonaws.com/{ref.name}"
    return ref.name


def _count_bytes(value: Any) -> int:
    return len(json.dumps(value, separators=(",", ":"), ensure_ascii=False).encode())


def _locate(definition: TaskDefinition, largest: str) -> KeyPath:
    """Return the key of the file that the largest part comes from, or the service's."""
    service: KeyPath = ("services", str(definition.service))
    return (*service, FILE_KEYS[largest]) if largest in FILE_KEYS else service
