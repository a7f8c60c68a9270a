"""The platform: the validated content of the file, with overlay and defaults merged in."""

import json
from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import Annotated, Any, Self

from pydantic import BeforeValidator, ConfigDict, Field, WithJsonSchema, model_validator

from desired_state.absence import Absent, Entries, is_none
from desired_state.cluster import Cluster, Discovery
from desired_state.dns import Dns
from desired_state.doors import SINGULAR, Door, find_door
from desired_state.drift import Drift, DriftCorrection
from desired_state.load_balancer import NETWORK, Listener, LoadBalancer
from desired_state.mistakes import Mistake
from desired_state.name_patterns import NamePatterns
from desired_state.names import Names
from desired_state.needed_balancer import needs_singular
from desired_state.network import Network
from desired_state.part import Account, Name, Part, Region
from desired_state.permissions import SecretPattern
from desired_state.positions import Positions
from desired_state.references import Reference
from desired_state.roles import Roles
from desired_state.service import Service
from desired_state.traffic import Route
from desired_state.tree import KeyPath, Located, find
from desired_state.values import Mention

References = Mapping[Reference, Sequence[Mention]]  # each with the values that hold it
NO_REFERENCES: References = {}


def _add_service_defaults(schema: dict[str, Any]) -> None:
    """Add the key to the JSON schema for editors; a Platform has the defaults merged into its services."""
    by_name, _absent = schema["properties"]["services"]["anyOf"]
    (service,) = by_name["patternProperties"].values()
    schema["properties"]["service_defaults"] = {
        **service,
        "description": "Defaults of every service: mappings merged deeply, lists replaced whole, null removes.",
    }


def _refuse_null(written: Any) -> Any:
    if is_none(written):
        raise ValueError(
            "null could mean none or all: write [] for none besides `secrets`, or leave it out for all"
        )
    return written


class Images(Part):
    """The handling of images."""

    check: bool = True
    """Check that a service's image has been pushed before tasks are started from it."""


class Platform(Part):
    """A stack: a platform in an environment and a region."""

    model_config = ConfigDict(json_schema_extra=_add_service_defaults)
    further_keys = {"service_defaults": Service}  # noqa: RUF012 - declared in Part

    platform: Name
    """Name of the platform."""

    environment: Name
    """Name of the environment; --env and RECONCILER_ENV win over the file."""

    suffix: Annotated[Name, WithJsonSchema({"type": "string"})] = "{platform}-{environment}"
    """End of every name in AWS; may hold {environment}, {platform} and {region}."""

    name_patterns: NamePatterns = Field(NamePatterns(), alias="names")
    """Patterns of names in AWS, for names that do not begin as usual or end in the suffix."""

    region: Annotated[Region | None, Absent()] = None
    """AWS region; if left out, the one of the AWS configuration."""

    account: Annotated[Account | None, Absent()] = None
    """ID of the only AWS account that may be changed, 12 digits in quotes."""

    network: Network = Network()
    """VPC and subnets."""

    cluster: Cluster = Cluster()
    """ECS cluster."""

    discovery: Discovery = Discovery()
    """Cloud Map namespace."""

    load_balancer: Annotated[LoadBalancer | None, Absent()] = LoadBalancer()
    """Load balancer; without this key there is one if a service has routes that lead to none of
    `load_balancers`."""

    load_balancers: Annotated[Mapping[Name, LoadBalancer], Entries(), Absent({})] = {}
    """Further load balancers by name, or all of them; each is made only where a route leads to it."""

    dns: Annotated[Dns | None, Absent()] = None
    """Hosted zone of Route 53 in which the hosts of routes get records; without this key there are none."""

    roles: Roles = Roles()
    """IAM roles that are made for the services."""

    services: Annotated[Mapping[Name, Service], Entries(), Absent({})] = {}
    """Services by name."""

    readable_secrets: Annotated[tuple[SecretPattern, ...] | None, BeforeValidator(_refuse_null)] = None
    """ARNs of secrets and parameters that the execution role may read in addition to `secrets` of the services,
    and of KMS keys for decrypting them; if left out, every Secrets Manager secret of the account and region."""

    dashboard: Annotated[bool, Absent(value=False)] = True
    """Create a CloudWatch dashboard."""

    tags: Annotated[Mapping[str, str], Entries(word=False), Absent({})] = {}
    """Tags of every resource, in addition to the engine's own."""

    images: Images = Images()
    """Handling of images."""

    lease: bool = True
    """Let one run at a time write to the stack, by a lease in DynamoDB; false where something else, such as the
    queue of a CI system, makes sure of that."""

    drift: Drift = Drift()
    """What of drift is ignored, and when and how far it is corrected."""

    drift_correction: Annotated[DriftCorrection | None, Absent()] = None
    """The job that finds and corrects drift by a schedule, on this cluster; without this key there is none."""

    _positions: Positions = Positions()
    _near_environment: str | None = None
    _references: References = NO_REFERENCES
    _is_open: bool = False

    @model_validator(mode="before")
    @classmethod
    def _leave_out_unneeded_load_balancer(cls, data: Any) -> Any:
        return data if "load_balancer" in data or needs_singular(data) else {**data, "load_balancer": None}

    @property
    def names(self) -> Names:
        """The physical names in AWS."""
        return Names(
            self.suffix,
            self.name_patterns,
            self.services,
            self.declared_balancers,
        )

    @property
    def cluster_name(self) -> str:
        """The name of the cluster in AWS, this stack's own or one that exists."""
        return self.cluster.existing_name or self.names.cluster

    @property
    def digest(self) -> str:
        """The SHA-256 digest of what the file and its overlay say, whatever their order and comments.

        `drift` is left out: it says what becomes of drift, and nothing of it is applied. But a job of
        `drift_correction` has its command and its rights by it, and goes by the file in its image, so that an
        apply of a changed `drift` makes that image an older one.
        """
        left_out = set() if self.drift_correction else {"drift"}
        written = self.model_dump(mode="json", exclude_unset=True, exclude=left_out)
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

    def with_near_environment(self, name: str | None) -> Self:
        """Return a copy that knows the environment which may be meant instead."""
        copy = self.model_copy()
        copy._near_environment = name  # noqa: SLF001 - a copy of this class
        return copy

    @property
    def near_environment(self) -> str | None:
        """The environment that may be meant instead; None if this one has an overlay, or no name is near."""
        return self._near_environment

    def with_references(self, references: References, *, is_open: bool) -> Self:
        """Return a copy that knows what it refers to, and whether it holds placeholders that only AWS knows."""
        copy = self.model_copy()
        copy._references, copy._is_open = references, is_open  # noqa: SLF001 - a copy of this class
        return copy

    @property
    def references(self) -> References:
        """What others keep in AWS and the file refers to, as in {ssm:/NAME}, also once it is known."""
        return self._references

    @property
    def is_open(self) -> bool:
        """Whether values hold placeholders that only AWS knows; see `load.fill_from_aws`."""
        return self._is_open

    @property
    def written(self) -> Located:
        """The tree of file and overlay with defaults merged in, and placeholders as they are written."""
        return self._positions.tree

    def position(self, *keys: str | int) -> str | None:
        """Return "path:line" of the value at these keys, such as ("services", "web", "protect").

        For a value from service_defaults that is its line there, and for a key that is not written the line of
        the nearest key above it, such as the service's own. Return None if no file holds the value.
        """
        return self._positions.find(*keys)

    def mistake(self, where: KeyPath, message: str) -> Mistake:
        """Return a mistake at the value at these keys, or at the nearest key above it that is written."""
        return find(self._positions.tree, where).mistake(message)

    @property
    def declared_balancers(self) -> Mapping[str, LoadBalancer]:
        """All load balancers of the file by their key, also those that no route leads to: they are not made."""
        singular = {SINGULAR: self.load_balancer} if self.load_balancer else {}
        return {**singular, **self.load_balancers}

    @property
    def balancers(self) -> Mapping[str, LoadBalancer]:
        """The load balancers by their key: the singular one, and those of `load_balancers` with routes."""
        routed = {door.balancer for door in self.routed_doors}
        return {
            key: one
            for key, one in self.declared_balancers.items()
            if key in routed or (key == SINGULAR and one.type != NETWORK)
        }

    @property
    def doors(self) -> Mapping[Door, Listener]:
        """The listeners of these load balancers; those of network ones only where a route leads to them."""
        routed = self.routed_doors
        return {
            door: listener
            for key, balancer in self.balancers.items()
            for name, listener in balancer.listeners.items()
            if (door := Door(key, name)) in routed or balancer.type != NETWORK
        }

    @property
    def routed_doors(self) -> frozenset[Door]:
        """The doors that routes lead to."""
        return frozenset(self.door_of(route) for one in self.services.values() for route in one.routes)

    def door_of(self, route: Route) -> Door:
        """Return the door that a route's requests come in by, which is perhaps none of `doors` (a mistake)."""
        return find_door(self.declared_balancers, route)

    def listener_of(self, route: Route) -> Listener | None:
        """Return the listener that a route's requests come in by; None if it is not there (a mistake)."""
        door = self.door_of(route)
        balancer = self.declared_balancers.get(door.balancer)
        return balancer.listeners.get(door.listener) if balancer else None
