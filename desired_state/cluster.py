"""The ECS cluster and the Cloud Map namespace."""

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import Field, WithJsonSchema

from desired_state.part import Form, Part

CapacityProviderName = Literal["FARGATE", "FARGATE_SPOT"]


class CapacityProvider(Part):
    """A capacity provider's share of the tasks."""

    base: int = Field(0, ge=0, le=100_000)
    """Tasks that run here before weights count; one provider of a strategy may have a base."""

    weight: int = Field(0, ge=0, le=1000)
    """Relative share of the tasks beyond the base; some provider's must be more than 0."""


Strategy = Annotated[Mapping[CapacityProviderName, CapacityProvider], Field(min_length=1)]


class Cluster(Part):
    """The ECS cluster."""

    container_insights: Literal["enabled", "enhanced", "disabled"] = "enabled"
    """CloudWatch Container Insights."""

    capacity_providers: Strategy = Field({"FARGATE": CapacityProvider(weight=1)})
    """The providers of the cluster, and its default strategy."""


class Discovery(Part):
    """Private DNS by AWS Cloud Map: `<service>.<namespace>`."""

    namespace: Annotated[
        str,
        Form(
            r"[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*",
            "a DNS name in lower case, such as services-dev.local",
        ),
        WithJsonSchema({"type": "string"}),
    ] = "services-{suffix}.local"
    """DNS name of the namespace; may hold {environment}, {platform}, {region} and {suffix}."""

    ttl: int = Field(30, ge=0, le=2_147_483_647)
    """Seconds that resolvers may keep an A record."""
