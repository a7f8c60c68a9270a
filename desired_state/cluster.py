"""The ECS cluster and the Cloud Map namespace."""

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import Field, WithJsonSchema

from desired_state.absence import Absent, Entries
from desired_state.part import Part, Pattern, Seconds, ShortForm

CapacityProviderName = Literal["FARGATE", "FARGATE_SPOT"]


class CapacityProvider(Part):
    """The share of the tasks that a capacity provider runs."""

    base: Annotated[int, Absent(0)] = Field(0, ge=0, le=100_000)
    """Number of tasks that run here before weights count; only one provider of a strategy may have a base."""

    weight: Annotated[int, Absent(0)] = Field(0, ge=0, le=1000)
    """Relative share of the tasks beyond the base; at least one provider needs a weight of more than 0."""


Strategy = Annotated[
    Mapping[CapacityProviderName, CapacityProvider], Field(min_length=1), Entries(), ShortForm("strategy")
]


ExistingCluster = Annotated[
    str,
    Pattern(
        r"([A-Za-z0-9_-]{1,255}|arn:aws[a-z-]*:ecs:[a-z0-9-]+:\d{12}:cluster/[A-Za-z0-9_-]{1,255})",
        "the name of a cluster, or its ARN, arn:aws:ecs:REGION:ACCOUNT:cluster/NAME",
    ),
]


class Cluster(Part):
    """The ECS cluster."""

    existing: Annotated[ExistingCluster | None, Absent()] = None
    """Name or ARN of a cluster that exists already and is not changed; `capacity_providers` is then the
    strategy of services that name none."""

    container_insights: Annotated[Literal["enabled", "enhanced", "disabled"], Absent("disabled")] = "enabled"
    """Setting of CloudWatch Container Insights."""

    capacity_providers: Strategy = Field({"FARGATE": CapacityProvider(weight=1)})
    """Capacity providers of the cluster and its default strategy."""

    @property
    def existing_name(self) -> str | None:
        """Name of the cluster that exists already; None if this stack makes its own."""
        return self.existing.rpartition("/")[2] if self.existing else None


class Discovery(Part):
    """Private DNS names from AWS Cloud Map: `<service>.<namespace>`."""

    namespace: Annotated[
        str,
        Pattern(
            r"[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*",
            "a DNS name in lower case, such as services-dev.local",
        ),
        WithJsonSchema({"type": "string"}),
    ] = "services-{suffix}.local"
    """DNS name of the namespace; may hold {environment}, {platform}, {region} and {suffix}."""

    ttl: Seconds = Field(30, ge=0, le=2_147_483_647)
    """Time to live of an A record, in seconds."""
