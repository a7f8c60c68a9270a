"""The spec of a route table, and the forms of its fields."""

from collections.abc import Mapping
from ipaddress import ip_network
from typing import Annotated, ClassVar

from pydantic import AfterValidator

from reconciler.model.references import Ref, refers_to
from reconciler.model.spec import IMMUTABLE, UNCOMPARED, Declared, Spec

NOT_FOUND = ("InvalidRouteTableID.NotFound", "InvalidRouteTableId.NotFound")  # EC2 spells it both ways

GatewayRef = Annotated[Ref, refers_to("internet_gateway")]
SubnetRef = Annotated[Ref, refers_to("subnet")]
Destination = Annotated[str, AfterValidator(lambda v: str(ip_network(v, strict=False)) if "/" in v else v)]
"""An address range without host bits, as EC2 stores it, or the id of a prefix list."""


def is_internet_gateway(target: Ref) -> bool:
    """Tell whether a route leads to an internet gateway."""
    return not target.foreign or target.name.startswith("igw-")


class RouteTable(Spec):
    """A route table: the routes of some subnets of a VPC."""

    kind: ClassVar[str] = "route_table"
    vpc: Annotated[Ref, refers_to("vpc"), IMMUTABLE]
    routes: Annotated[Mapping[Destination, GatewayRef], Declared(also=is_internet_gateway)] = {}
    """Targets by destination. Other people's routes are left alone, but for those to an internet gateway.
    A live target that is no gateway, or was deleted, has the form of a gateway of that id."""
    subnets: frozenset[SubnetRef] = frozenset()
    """The subnets that are associated with it."""
    associations: Annotated[Mapping[SubnetRef, str], UNCOMPARED] = {}
    """Live only: association ids by subnet, of its subnets and of those that it may take from other tables."""
    main: Annotated[bool, UNCOMPARED] = False
    """Live only: True if it is the main table, which AWS creates and deletes with the VPC."""
