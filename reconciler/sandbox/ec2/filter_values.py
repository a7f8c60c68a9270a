"""The filters of EC2's describes that moto lacks, added to moto's own."""

from functools import partial
from typing import Any

from moto.ec2.models.elastic_ip_addresses import ElasticAddress
from moto.ec2.models.elastic_network_interfaces import NetworkInterface
from moto.ec2.models.internet_gateways import InternetGateway
from moto.ec2.models.nat_gateways import NatGateway
from moto.ec2.models.network_acls import NetworkAcl
from moto.ec2.models.route_tables import RouteTable
from moto.ec2.models.security_groups import SecurityGroup, SecurityGroupRule
from moto.ec2.models.subnets import Subnet
from moto.ec2.models.vpc_peering_connections import VPCPeeringConnection
from moto.ec2.models.vpcs import VPC, VPCEndPoint

from reconciler.sandbox.ec2.filter_tables import (
    ACLS,
    ADDRESSES,
    ENDPOINTS,
    GATEWAYS,
    GROUPS,
    INTERFACES,
    NAT_GATEWAYS,
    PEERINGS,
    RULES,
    SUBNETS,
    TABLES,
    VPCS,
    Values,
)
from reconciler.sandbox.world import wrap


def install() -> None:
    for owner, around in _WRAPPERS:
        wrap(owner, "get_filter_value", around)


def _value(values: Values, original: Any, item: Any, name: str, method: str | None = None) -> Any:
    return values[name](item) if name in values else original(item, name, method)


_WRAPPERS = tuple(
    (owner, partial(_value, values))
    for owner, values in (
        (VPC, VPCS),
        (Subnet, SUBNETS),
        (InternetGateway, GATEWAYS),
        (RouteTable, TABLES),
        (SecurityGroup, GROUPS),
        (SecurityGroupRule, RULES),
        (NetworkInterface, INTERFACES),
        (ElasticAddress, ADDRESSES),
        (NatGateway, NAT_GATEWAYS),
        (VPCEndPoint, ENDPOINTS),
        (NetworkAcl, ACLS),
        (VPCPeeringConnection, PEERINGS),
    )
)
