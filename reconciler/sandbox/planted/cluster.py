"""A cluster on Fargate."""

from collections.abc import Mapping
from typing import Any

from moto.ecs import ecs_backends

from reconciler.sandbox.world import current

PROVIDERS = ["FARGATE", "FARGATE_SPOT"]


def plant_cluster(part: Mapping[str, Any], account: str, region: str) -> None:
    ecs = ecs_backends[account][region]
    if part["name"] not in ecs.clusters:
        cluster = ecs.create_cluster(part["name"], tags=[], capacity_providers=PROVIDERS)
        cluster.associated = current().clock.now()
