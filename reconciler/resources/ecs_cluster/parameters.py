"""Convert clusters and capacity provider strategies to and from ECS's form."""

from collections.abc import Mapping
from typing import Any

from reconciler.model import tags
from reconciler.resources.ecs_cluster.spec import EcsCluster, Share

Raw = Mapping[str, Any]


def encode_strategy(providers: Mapping[str, Share]) -> list[dict[str, Any]]:
    """Return the providers and their shares as a capacity provider strategy."""
    return [{"capacityProvider": name, **dict(share)} for name, share in sorted(providers.items())]


def decode_share(item: Raw) -> Share:
    """Return the share of one item of a capacity provider strategy, with AWS's defaults."""
    return Share(base=item.get("base", 0), weight=item.get("weight", 0))


def from_aws(cluster: Raw, resource_tags: tags.Tags) -> EcsCluster:
    """Return the spec of a cluster of DescribeClusters."""
    settings = {s["name"]: s["value"] for s in cluster.get("settings", ())}
    return EcsCluster(
        name=cluster["clusterName"],
        tags=resource_tags,
        container_insights=settings.get("containerInsights"),
        capacity_providers=_decode_providers(cluster),
    )


def _decode_providers(cluster: Raw) -> dict[str, Share]:
    """Return the cluster's providers. A provider that the default strategy lacks has weight 0."""
    strategy = {item["capacityProvider"]: item for item in cluster.get("defaultCapacityProviderStrategy", ())}
    return {name: decode_share(strategy.get(name, {})) for name in cluster.get("capacityProviders", ())}
