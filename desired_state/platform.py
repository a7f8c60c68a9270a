"""The platform: all that a person writes, validated and merged."""

from collections.abc import Mapping
from typing import Annotated, Any, Self

from pydantic import ConfigDict, WithJsonSchema

from desired_state.cluster import Cluster, Discovery
from desired_state.load_balancer import LoadBalancer
from desired_state.names import Names
from desired_state.network import Network
from desired_state.part import Account, Name, Part, Region
from desired_state.permissions import SecretPattern
from desired_state.positions import Positions
from desired_state.service import Service
from desired_state.traffic import Route


def _add_service_defaults(schema: dict[str, Any]) -> None:
    """Editors know the key; a Platform has it merged into its services."""
    services = schema["properties"]["services"]
    (service,) = services["patternProperties"].values()
    schema["properties"]["service_defaults"] = {
        **service,
        "description": "What every service starts from: mappings merged deeply, lists whole, null removes.",
    }


class Images(Part):
    """What to do about images."""

    check: bool = True
    """Look for a service's image before tasks are started from it."""


class Platform(Part):
    """One stack: a platform in an environment and a region."""

    model_config = ConfigDict(json_schema_extra=_add_service_defaults)

    platform: Name
    """Name of the platform."""

    environment: Name
    """Name of the environment; --env and RECONCILER_ENV win over the file."""

    suffix: Annotated[Name, WithJsonSchema({"type": "string"})] = "{platform}-{environment}"
    """End of every name in AWS; may hold {environment}, {platform} and {region}."""

    region: Region | None = None
    """AWS region; none: the one that the AWS configuration names."""

    account: Account | None = None
    """12 digits of the only AWS account that may be touched, in quotes."""

    network: Network = Network()
    """VPC and subnets."""

    cluster: Cluster = Cluster()
    """ECS cluster."""

    discovery: Discovery = Discovery()
    """Cloud Map namespace."""

    load_balancer: LoadBalancer = LoadBalancer()
    """Application load balancer."""

    services: Mapping[Name, Service] = {}
    """The services by name."""

    readable_secrets: tuple[SecretPattern, ...] | None = None
    """ARNs of secrets and parameters that the execution role may read besides those that services name, and of the
    KMS keys with which it may decrypt them; left out: every Secrets Manager secret of the account and region."""

    dashboard: bool = True
    """Whether there is a CloudWatch dashboard."""

    tags: Mapping[str, str] = {}
    """Tags of every resource, besides the engine's own."""

    images: Images = Images()
    """What to do about images."""

    _positions: Positions = Positions()

    @property
    def names(self) -> Names:
        """What everything is called in AWS."""
        return Names(self.suffix)

    @property
    def stack(self) -> str:
        """Value of the tag ecs-reconciler:stack; the region must be known by now."""
        return f"{self.platform}/{self.environment}/{self.region}"

    def with_region(self, region: str) -> Self:
        """The same platform in this region, if the file names none."""
        return self if self.region else self.model_copy(update={"region": region})

    def with_positions(self, positions: Positions) -> Self:
        """Return a copy that knows where its values are written."""
        copy = self.model_copy()
        copy._positions = positions  # noqa: SLF001 - a copy of this class
        return copy

    def position(self, *keys: str | int) -> str | None:
        """Return "path:line" of what stands at these keys, such as ("services", "web", "protect"), or None.

        For a key that nobody wrote it is the line of the nearest one above, such as the service's own; for one
        that comes from service_defaults, its line there. None stands for what no file holds.
        """
        return self._positions.find(*keys)

    def listener_of(self, route: Route) -> str:
        """Name of the route's listener."""
        return route.listener or next(iter(self.load_balancer.listeners))
