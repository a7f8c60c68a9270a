"""Describes in EC2: filtered by `filters`, and refused for ids that do not exist."""

from functools import partial
from typing import Any, NamedTuple

from moto.ec2.responses.availability_zones_and_regions import AvailabilityZonesAndRegions
from moto.ec2.responses.dhcp_options import DHCPOptions
from moto.ec2.responses.egress_only_internet_gateways import EgressOnlyInternetGateway
from moto.ec2.responses.elastic_ip_addresses import ElasticIPAddresses
from moto.ec2.responses.elastic_network_interfaces import ElasticNetworkInterfaces
from moto.ec2.responses.internet_gateways import InternetGateways
from moto.ec2.responses.nat_gateways import NatGateways
from moto.ec2.responses.network_acls import NetworkACLs
from moto.ec2.responses.route_tables import RouteTables
from moto.ec2.responses.security_groups import SecurityGroups
from moto.ec2.responses.subnets import Subnets
from moto.ec2.responses.tags import TagResponse
from moto.ec2.responses.vpc_peering_connections import VPCPeeringConnections
from moto.ec2.responses.vpcs import VPCs

from reconciler.sandbox.ec2.filters import match
from reconciler.sandbox.ec2.ids import KINDS
from reconciler.sandbox.ec2.present import find
from reconciler.sandbox.world import wrap


class Describe(NamedTuple):
    """A describe of EC2, whose answer is a list."""

    owner: Any  # moto's response class
    action: str
    member: str  # of the answer: the list
    ids: str  # the parameter with ids
    most: int = 1000  # the highest MaxResults (botocore's model)
    least: int = 5  # the lowest


DESCRIBES = (
    Describe(VPCs, "describe_vpcs", "Vpcs", "VpcIds"),
    Describe(Subnets, "describe_subnets", "Subnets", "SubnetIds"),
    Describe(InternetGateways, "describe_internet_gateways", "InternetGateways", "InternetGatewayIds"),
    Describe(RouteTables, "describe_route_tables", "RouteTables", "RouteTableIds", most=100),
    Describe(SecurityGroups, "describe_security_groups", "SecurityGroups", "GroupIds"),
    Describe(SecurityGroups, "describe_security_group_rules", "SecurityGroupRules", "SecurityGroupRuleIds"),
    Describe(
        ElasticNetworkInterfaces, "describe_network_interfaces", "NetworkInterfaces", "NetworkInterfaceIds"
    ),
    Describe(NatGateways, "describe_nat_gateways", "NatGateways", "NatGatewayIds"),
    Describe(VPCs, "describe_vpc_endpoints", "VpcEndpoints", "VpcEndpointIds"),
    Describe(NetworkACLs, "describe_network_acls", "NetworkAcls", "NetworkAclIds"),
    Describe(
        VPCPeeringConnections,
        "describe_vpc_peering_connections",
        "VpcPeeringConnections",
        "VpcPeeringConnectionIds",
    ),
    Describe(
        EgressOnlyInternetGateway,
        "describe_egress_only_internet_gateways",
        "EgressOnlyInternetGateways",
        "EgressOnlyInternetGatewayIds",
        most=255,
    ),
)
# Filters and ids of these are moto's.
ONLY_PAGED = (
    Describe(TagResponse, "describe_tags", "Tags", ""),
    Describe(DHCPOptions, "describe_dhcp_options", "DhcpOptions", "DhcpOptionsIds"),
    Describe(VPCs, "describe_managed_prefix_lists", "PrefixLists", "PrefixListIds", most=100, least=1),
)
NOT_PAGED = (
    Describe(ElasticIPAddresses, "describe_addresses", "Addresses", "AllocationIds"),
    Describe(AvailabilityZonesAndRegions, "describe_availability_zones", "AvailabilityZones", "ZoneIds"),
)


def install() -> None:
    for describe, around in _WRAPPERS:
        wrap(describe.owner, describe.action, around)


def _describe(describe: Describe, original: Any, response: Any) -> Any:
    """Describe what exists and passes all filters. moto lacks some filters, and ignores others."""
    for own_id in response._get_param(describe.ids, []):
        kind = KINDS.get(own_id.rpartition("-")[0])
        if kind and find(response.ec2_backend, own_id) is None:
            raise kind.refuse(own_id)
    filters = response._filters_from_querystring()
    sent = response.params
    response.params = {name: value for name, value in sent.items() if name not in ("Filters", "Filter")}
    answer = original(response)
    response.params = sent
    for name, patterns in filters.items():
        answer.result[describe.member] = [
            item for item in answer.result[describe.member] if match(_value(item, name), patterns)
        ]
    return answer


def _value(item: Any, name: str) -> Any:
    """Return the item's value, or None where moto has none, though AWS knows the filter."""
    try:
        return item.get_filter_value(name)
    except NotImplementedError:
        return None


_WRAPPERS = tuple((describe, partial(_describe, describe)) for describe in (*DESCRIBES, *NOT_PAGED))
