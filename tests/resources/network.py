"""Specs of a network, for the tests of its parts."""

from support import make

from reconciler.model.references import Ref
from reconciler.model.spec import Spec
from reconciler.resources.internet_gateway import InternetGateway
from reconciler.resources.route_table import RouteTable
from reconciler.resources.subnet import Subnet
from reconciler.resources.vpc import Vpc

VPC, GATEWAY, A, B, TABLE = "vpc-dev", "igw-dev", "subnet-a-dev", "subnet-b-dev", "rtb-a-dev"
TO_GATEWAY = {"0.0.0.0/0": Ref("internet_gateway", GATEWAY)}


def vpc(**fields: object) -> Vpc:
    return make(Vpc, VPC, **{"cidr": "10.0.0.0/16", **fields})


def subnet(name: str = A, cidr: str = "10.0.0.0/24", **fields: object) -> Subnet:
    given = {"vpc": Ref("vpc", VPC), "cidr": cidr, "zone": "us-east-1a", "public_addresses": True}
    return make(Subnet, name, **{**given, **fields})


def gateway() -> InternetGateway:
    return make(InternetGateway, GATEWAY, vpc=Ref("vpc", VPC))


def table(name: str = TABLE, *subnets: str, **fields: object) -> RouteTable:
    associated = frozenset(Ref("subnet", s) for s in subnets or (A,))
    given = {"vpc": Ref("vpc", VPC), "routes": TO_GATEWAY, "subnets": associated}
    return make(RouteTable, name, **{**given, **fields})


def network() -> list[Spec]:
    return [vpc(), gateway(), subnet(), subnet(B, "10.0.1.0/24"), table()]
