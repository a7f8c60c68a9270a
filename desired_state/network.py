"""The VPC, its subnets, and the ways out of them."""

import re
from collections.abc import Collection, Mapping
from ipaddress import IPv4Network
from itertools import islice
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    Field,
    GetCoreSchemaHandler,
    ValidatorFunctionWrapHandler,
    WithJsonSchema,
)
from pydantic_core import CoreSchema, core_schema

from desired_state.absence import Absent, Entries
from desired_state.address_range import Cidr
from desired_state.container import RetentionDays
from desired_state.existing import ExistingNetwork
from desired_state.part import Part, Pattern, WrongValue
from desired_state.zones import Zones

ADDRESSES_KEPT_BY_AWS = 5  # in each subnet (VPC user guide, "Subnet sizing")
LONGEST_PREFIX = 27  # a load balancer refuses smaller subnets (ELB user guide)
PUBLIC, PRIVATE = "public", "private"
TIERS = (PUBLIC, PRIVATE)


def _validate_tier(value: str) -> str:
    if value not in TIERS:
        raise WrongValue("is no tier of subnets: there are public and private")
    return value


TierName = Annotated[str, AfterValidator(_validate_tier)]


def _validate_endpoint_name(value: str) -> str:
    if whole := re.fullmatch(r"com\.amazonaws\.[a-z0-9-]+\.(.+)", value):
        raise WrongValue("is the name of an endpoint in one region; name the AWS service", [whole[1]])
    return value


_ENDPOINT_NAME = Pattern(
    r"[a-z0-9][a-z0-9-]*(\.[a-z0-9-]+)*", "an AWS service as in its endpoint's name, such as s3 or ecr"
)
EndpointName = Annotated[str, AfterValidator(_validate_endpoint_name), _ENDPOINT_NAME]
AUTO = "auto"


def _validate_endpoints(value: Any, as_list: ValidatorFunctionWrapHandler) -> Any:
    if value == AUTO:
        return value
    if isinstance(value, str):
        raise WrongValue(
            "is not right: auto, or a list of AWS services, such as [s3, ecr, logs]", [f"[{value}]"]
        )
    return as_list(value)


class _AutoOrList:
    """Validates `auto` or a list of names, and tells the place of a wrong name in it, as no union does."""

    def __get_pydantic_core_schema__(self, _source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        names = handler.generate_schema(tuple[EndpointName, ...])
        return core_schema.no_info_wrap_validator_function(
            _validate_endpoints, names, serialization=core_schema.simple_ser_schema("any")
        )


Endpoints = Annotated[
    Literal["auto"] | tuple[EndpointName, ...],
    _AutoOrList(),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "string", "const": AUTO},
                {"type": "array", "items": {"type": "string", "pattern": f"^(?:{_ENDPOINT_NAME.pattern})$"}},
            ]
        }
    ),
]


class Tier(Part):
    """A tier of subnets, with one subnet in each zone."""

    prefix: int = Field(24, ge=16, le=LONGEST_PREFIX)
    """Prefix length of each subnet, 16 to 27. Private ones lie in the second half of the VPC's range."""

    ranges: Annotated[tuple[Cidr, ...], Absent(())] = ()
    """Ranges (CIDR) of the subnets instead of `prefix`, one for each zone."""


class FlowLogs(Part):
    """Records of the network's traffic, in a log group of their own."""

    retention_days: RetentionDays = 7
    """Number of days that CloudWatch Logs keeps them."""


class Network(Part):
    """The VPC, with DNS, and with an internet gateway if it has public subnets."""

    existing: Annotated[ExistingNetwork | None, Absent()] = None
    """A VPC and subnets that exist already, instead of those that the other keys describe."""

    cidr: Cidr = "10.0.0.0/16"
    """IPv4 range (CIDR) of the VPC, /16 to /28."""

    zones: Zones = 2
    """Number of availability zones, 2 to 6, or their names or ids; a load balancer needs two."""

    subnets: Annotated[Mapping[TierName, Tier], Entries()] = Field({PUBLIC: Tier()}, min_length=1)
    """Subnet tiers by name: `public`, with public addresses, and `private`, without."""

    nat: Annotated[Literal["none", "one", "per_zone"], Absent("none")] = "none"
    """NAT gateways, by which private subnets reach the internet."""

    endpoints: Annotated[Endpoints, Absent(())] = ()
    """AWS services that the VPC reaches without the internet, such as s3, ecr and logs; auto: those that the
    file's services need to run without NAT."""

    ipv6: Annotated[bool, Absent(value=False)] = False
    """Give the VPC and its subnets IPv6 ranges of Amazon, beside IPv4 (dual stack)."""

    flow_logs: Annotated[FlowLogs | None, Absent()] = None
    """Records of all traffic, in CloudWatch Logs."""

    @property
    def zone_count(self) -> int:
        """Number of availability zones."""
        return self.zones if isinstance(self.zones, int) else len(self.zones)

    @property
    def tiers(self) -> Collection[str]:
        """The names of the tiers that there are."""
        return self.existing.subnets.keys() if self.existing else self.subnets.keys()

    @property
    def default_placement(self) -> str:
        """The tier of tasks that name none: private where there is a private tier."""
        return PRIVATE if PRIVATE in self.tiers else PUBLIC

    def blocks(self, tier: str, count: int | None = None) -> tuple[IPv4Network, ...]:
        """Return the first ranges of a tier, by default one a zone; fewer if the VPC has no room."""
        wanted, settings = self.zone_count if count is None else count, self.subnets[tier]
        if settings.ranges:
            return tuple(map(IPv4Network, settings.ranges[:wanted]))
        part = IPv4Network(self.cidr)
        if settings.prefix < part.prefixlen + (tier == PRIVATE):
            return ()
        if tier == PRIVATE:  # as the VPC console's wizard has it: public tiers grow below
            part = list(part.subnets())[1]
        return tuple(islice(part.subnets(new_prefix=settings.prefix), wanted))

    def free_addresses(self, tier: str) -> int:
        """Return the number of addresses of a tier's subnets that AWS does not keep for itself."""
        return sum(block.num_addresses - ADDRESSES_KEPT_BY_AWS for block in self.blocks(tier))
