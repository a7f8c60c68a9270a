"""The spec of a route table, and the forms of its fields."""

from collections.abc import Mapping
from ipaddress import ip_network
from typing import Annotated, Any, ClassVar

from pydantic import AfterValidator, BeforeValidator

from reconciler.model.references import Ref, refers_to
from reconciler.model.spec import IMMUTABLE, UNCOMPARED, Declared, Spec

BLACKHOLE = " (blackhole)"  # at the end of a live target that is gone: it is never the desired one
NOT_FOUND = ("InvalidRouteTableID.NotFound", "InvalidRouteTableId.NotFound")  # EC2 spells it both ways

TARGETS = {  # kind of a route's target -> the parameter of CreateRoute, and what the ids begin with
    "internet_gateway": ("GatewayId", "igw-"),
    "nat_gateway": ("NatGatewayId", "nat-"),
    "egress_only_internet_gateway": ("EgressOnlyInternetGatewayId", "eigw-"),
    "vpc_peering_connection": ("VpcPeeringConnectionId", "pcx-"),
    "transit_gateway": ("TransitGatewayId", "tgw-"),
    "network_interface": ("NetworkInterfaceId", "eni-"),
}


def refer_to_target(value: Any) -> Any:
    """Return an AWS id as a Ref of the kind that it begins with; a Ref as it is."""
    if not isinstance(value, str):
        return value
    kind = next((kind for kind, (_, prefix) in TARGETS.items() if value.startswith(prefix)), "route_target")
    return Ref(kind, value, by_id=True)


TargetRef = Annotated[Ref, BeforeValidator(refer_to_target)]
SubnetRef = Annotated[Ref, refers_to("subnet")]
Destination = Annotated[str, AfterValidator(lambda v: str(ip_network(v, strict=False)) if "/" in v else v)]
"""An address range without host bits, as EC2 stores it, or the id of a prefix list."""


def is_blackhole(target: Ref) -> bool:
    """Tell whether a live route leads to something that is detached or deleted. See `BLACKHOLE`."""
    return target.by_id and target.name.endswith(BLACKHOLE)


def is_internet_gateway(target: Ref) -> bool:
    """Tell whether a route leads to an internet gateway."""
    return target.kind == "internet_gateway"


def leads_to_internet(target: Ref) -> bool:
    """Tell whether a route leads to the internet: the file alone says which do."""
    return target.kind in ("internet_gateway", "nat_gateway", "egress_only_internet_gateway")


class RouteTable(Spec):
    """A route table: the routes of some subnets of a VPC."""

    kind: ClassVar[str] = "route_table"
    vpc: Annotated[Ref, refers_to("vpc"), IMMUTABLE]
    routes: Annotated[Mapping[Destination, TargetRef], Declared(also=leads_to_internet)] = {}
    """Targets by destination. Other people's routes are left alone, but for those to the
    internet. One that was deleted is a live target of another id."""
    subnets: frozenset[SubnetRef] = frozenset()
    """The subnets that are associated with it."""
    associations: Annotated[Mapping[SubnetRef, str], UNCOMPARED] = {}
    """Live only: association ids by subnet, of its subnets and of those that it may take from other tables."""
    main: Annotated[bool, UNCOMPARED] = False
    """Live only: True if it is the main table, which AWS creates and deletes with the VPC."""
