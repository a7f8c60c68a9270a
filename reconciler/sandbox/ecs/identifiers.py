"""Names and ARNs by which callers name ECS's resources, refused where they cannot be right."""

import re
from typing import Any

from moto.ecs.exceptions import InvalidParameterException

ARNS_LIMIT = 20  # of a describe of service deployments or service revisions (botocore)
_IN_CLUSTER = re.compile(r"arn:[a-z-]+:ecs:[a-z0-9-]+:\d{12}:(?:service|task)/(?P<cluster>[^/]+)/.+")


def check_arns(arns: list[str], kind: str) -> list[str]:
    """Return the ARNs of service deployments or revisions, if there are 1 to 20 and they look like such."""
    if not 1 <= len(arns) <= ARNS_LIMIT:
        raise InvalidParameterException(f"{kind} ARNs: 1 to {ARNS_LIMIT} items must be specified.")
    for arn in arns:
        if not re.fullmatch(rf"arn:[a-z-]+:ecs:[a-z0-9-]+:\d{{12}}:{kind}/.+", arn):
            raise InvalidParameterException(f"Invalid identifier: {arn}")
    return arns


def check_in_cluster(cluster: Any, names: list[str]) -> None:
    """Refuse ARNs of another cluster (asynkron/protoactor-dotnet#2055)."""
    for name in names:
        match = _IN_CLUSTER.fullmatch(name)
        if match and match["cluster"] != cluster.name:
            raise InvalidParameterException(
                f"Invalid identifier: Identifier is for cluster {match['cluster']}. Your cluster is {cluster.name}"
            )
