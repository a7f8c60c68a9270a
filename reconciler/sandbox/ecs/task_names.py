"""How tasks are named in calls: by id or ARN, of the call's own cluster."""

import re
from typing import Any

from moto.ecs.exceptions import InvalidParameterException

_LENGTHS = (32, 36)


def task_id(cluster: Any, name: str) -> str:
    """Return the id that an id or ARN names; refuse what is neither, or is of another cluster.

    The words about the length are widely reported, for instance for the empty answers of a shell's query.
    """
    if name.startswith("arn:"):
        match = re.fullmatch(r"arn:[^:]+:ecs:[^:]+:\d{12}:task/(?:([^/]+)/)?([^/]+)", name)
        if match is None:
            raise InvalidParameterException(f"Invalid identifier: {name}")
        if match[1] and match[1] != cluster.name:
            raise InvalidParameterException(
                f"Invalid identifier: Identifier is for cluster {match[1]}. Your cluster is {cluster.name}"
            )
        name = match[2]
    if len(name) not in _LENGTHS:
        raise InvalidParameterException("taskId length should be one of [32,36]")
    return name
