"""What the tables of ECS's refused calls share."""

from collections.abc import Callable, Mapping
from typing import Any

from makers import client_of

INVALID, CLIENT, NO_CLUSTER = "InvalidParameterException", "ClientException", "ClusterNotFoundException"
ARN = "arn:aws:ecs:us-east-1:123456789012"
Params = Callable[[], Mapping[str, Any]]


def with_cluster(**params: Any) -> Params:
    """Return what makes a cluster `c`, and then the parameters."""

    def make() -> Mapping[str, Any]:
        client_of("ecs").create_cluster(clusterName="c", capacityProviders=["FARGATE"])
        return params

    return make


def plain(**params: Any) -> Params:
    return lambda: params
