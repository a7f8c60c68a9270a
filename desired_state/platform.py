"""The platform: the validated content of the file, with overlay and defaults merged in."""

import json
from collections.abc import Mapping
from hashlib import sha256
from typing import Annotated, Any, Self

from pydantic import ConfigDict, WithJsonSchema

from desired_state.cluster import Cluster, Discovery
from desired_state.load_balancer import LoadBalancer
from desired_state.mistakes import Mistake
from desired_state.names import Names
from desired_state.network import Network
from desired_state.part import Account, Name, Part, Region
from desired_state.permissions import SecretPattern
from desired_state.positions import Positions
from desired_state.service import Service
from desired_state.traffic import Route
from desired_state.tree import KeyPath, find


def _add_service_defaults(schema: dict[str, Any]) -> None:
    """Add the key to the JSON schema for editors; a Platform has the defaults merged into its services."""
    services = schema["properties"]["services"]
    (service,) = services["patternProperties"].values()
    schema["properties"]["service_defaults"] = {
        **service,
        "description": "Defaults of every service: mappings merged deeply, lists replaced whole, null removes.",
    }


class Images(Part):
    """The handling of images."""

    check: bool = True
    """Check that a service's image has been pushed before tasks are started from it."""


class Platform(Part):
    """A stack: a platform in an environment and a region."""

    model_config = ConfigDict(json_schema_extra=_add_service_defaults)

    platform: Name
    """Name of the platform."""

    environment: Name
    """Name of the environment; --env and RECONCILER_ENV win over the file."""

    suffix: Annotated[Name, WithJsonSchema({"type": "string"})] = "{platform}-{environment}"
    """End of every name in AWS; may hold {environment}, {platform} and {region}."""

    region: Region | None = None
    """AWS region; if left out, the one of the AWS configuration."""

    account: Account | None = None
    """ID of the only AWS account that may be changed, 12 digits in quotes."""

    network: Network = Network()
    """VPC and subnets."""

    cluster: Cluster = Cluster()
    """ECS cluster."""

    discovery: Discovery = Discovery()
    """Cloud Map namespace."""

    load_balancer: LoadBalancer = LoadBalancer()
    """Application load balancer."""

    services: Mapping[Name, Service] = {}
    """Services by name."""

    readable_secrets: tuple[SecretPattern, ...] | None = None
    """ARNs of secrets and parameters that the execution role may read in addition to `secrets` of the services,
    and of KMS keys for decrypting them; if left out, every Secrets Manager secret of the account and region."""

    dashboard: bool = True
    """Create a CloudWatch dashboard."""

    tags: Mapping[str, str] = {}
    """Tags of every resource, in addition to the engine's own."""

    images: Images = Images()
    """Handling of images."""

    lease: bool = True
    """Let one run at a time write to the stack, by a lease in DynamoDB; false where something else, such as the
    queue of a CI system, makes sure of that."""

    _positions: Positions = Positions()

    @property
    def names(self) -> Names:
        """The physical names in AWS."""
        return Names(self.suffix)

    @property
    def digest(self) -> str:
        """The SHA-256 digest of what the file and its overlay say, whatever their order and comments."""
        written = self.model_dump(mode="json", exclude_unset=True)
        return sha256(json.dumps(written, sort_keys=True).encode()).hexdigest()

    @property
    def stack(self) -> str:
        """The value of the tag ecs-reconciler:stack; the region must be known."""
        return f"{self.platform}/{self.environment}/{self.region}"

    def with_region(self, region: str) -> Self:
        """Return the platform in this region, or unchanged if the file names a region."""
        return self if self.region else self.model_copy(update={"region": region})

    def with_positions(self, positions: Positions) -> Self:
        """Return a copy that knows where its values are written."""
        copy = self.model_copy()
        copy._positions = positions  # noqa: SLF001 - a copy of this class
        return copy

    def position(self, *keys: str | int) -> str | None:
        """Return "path:line" of the value at these keys, such as ("services", "web", "protect").

        For a value from service_defaults that is its line there, and for a key that is not written the line of
        the nearest key above it, such as the service's own. Return None if no file holds the value.
        """
        return self._positions.find(*keys)

    def mistake(self, where: KeyPath, message: str) -> Mistake:
        """Return a mistake at the value at these keys, or at the nearest key above it that is written."""
        return find(self._positions.tree, where).mistake(message)

    def listener_of(self, route: Route) -> str:
        """Return the name of the route's listener."""
        return route.listener or next(iter(self.load_balancer.listeners))
