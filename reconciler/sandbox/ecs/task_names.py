"""How tasks are named in calls: by id or ARN, of the call's own cluster."""

import re
from typing import Any

from moto.ecs.exceptions import InvalidParameterException

from reconciler.sandbox.ecs.identifiers import check_in_cluster

_LENGTHS = (32, 36)
_ARN = re.compile(r"arn:[a-z-]+:ecs:[a-z0-9-]+:\d{12}:task/(?:[^/]+/)?([^/]+)")


def task_id(cluster: Any, name: str) -> str:
    """Return the id that an id or ARN names; refuse what is neither, or is of another cluster.

    The words about the length are widely reported, for instance for the empty answers of a shell's query.
    """
    check_in_cluster(cluster, [name])
    if name.startswith("arn:"):
        match = _ARN.fullmatch(name)
        if match is None:
            raise InvalidParameterException(f"Invalid identifier: {name}")
        name = match[1]
    if len(name) not in _LENGTHS:
        raise InvalidParameterException("taskId length should be one of [32,36]")
    return name
