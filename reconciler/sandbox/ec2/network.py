"""Networks as in AWS: one gateway for a VPC, one route table for a subnet, blackhole routes."""

from ipaddress import IPv4Network, ip_network
from typing import Any

from moto.core.responses import ActionResult
from moto.ec2.exceptions import EC2ClientError, InvalidSubnetRangeError
from moto.ec2.models import EC2Backend
from moto.ec2.models.internet_gateways import InternetGateway
from moto.ec2.models.route_tables import Route
from moto.ec2.responses.route_tables import RouteTables
from moto.ec2.responses.subnets import Subnets
from moto.ec2.responses.vpcs import VPCs

from reconciler.sandbox.world import add, wrap

LARGEST_SUBNET, SMALLEST_SUBNET = 16, 28  # prefix lengths

# The attributes of ModifySubnetAttribute and ModifyVpcAttribute, of which a call changes one.
_SUBNET_ATTRIBUTES = ("MapPublicIpOnLaunch", "AssignIpv6AddressOnCreation", "EnableDns64")
_VPC_ATTRIBUTES = ("EnableDnsSupport", "EnableDnsHostnames", "EnableNetworkAddressUsageMetrics")


def install() -> None:
    wrap(EC2Backend, "create_subnet", _create_subnet)
    wrap(EC2Backend, "attach_internet_gateway", _attach_gateway)
    wrap(EC2Backend, "associate_route_table", _associate)
    wrap(EC2Backend, "disassociate_route_table", _disassociate)
    wrap(RouteTables, "create_route_table", _create_route_table)
    wrap(EC2Backend, "create_route", _create_route)
    wrap(EC2Backend, "delete_route", _delete_route)
    wrap(Subnets, "modify_subnet_attribute", _modify_subnet_attribute)
    wrap(VPCs, "modify_vpc_attribute", _modify_vpc_attribute)
    add(Route, "state", property(_route_state))


def _create_subnet(original: Any, ec2: Any, vpc_id: str, cidr_block: str, *args: Any, **kwargs: Any) -> Any:
    """Create a subnet, from /16 to /28 (EC2 API reference)."""
    if cidr_block and _is_network(cidr_block):
        prefix = IPv4Network(cidr_block, strict=False).prefixlen
        if not LARGEST_SUBNET <= prefix <= SMALLEST_SUBNET:
            raise InvalidSubnetRangeError(cidr_block)
    return original(ec2, vpc_id, cidr_block, *args, **kwargs)


def _is_network(text: str) -> bool:
    try:
        ip_network(text, strict=False)
    except ValueError:
        return False
    return True


def _attach_gateway(original: Any, ec2: Any, gateway_id: str, vpc_id: str) -> Any:
    gateway, vpc = ec2.get_internet_gateway(gateway_id), ec2.get_vpc(vpc_id)
    if gateway.vpc is vpc:
        message = f"resource {gateway_id} is already attached to network {vpc_id}"
        raise EC2ClientError("Resource.AlreadyAssociated", message)
    if gateway.vpc is None and any(other.vpc is vpc for other in ec2.internet_gateways.values()):
        message = f"Network {vpc_id} already has an internet gateway attached"
        raise EC2ClientError("Resource.AlreadyAssociated", message)
    return original(ec2, gateway_id, vpc_id)


def _associate(
    original: Any, ec2: Any, route_table_id: str, gateway_id: Any = None, subnet_id: Any = None
) -> Any:
    ec2.get_route_table(route_table_id)
    holders = [t for t in ec2.route_tables.values() if subnet_id and subnet_id in t._associations.values()]
    if any(holder.id != route_table_id for holder in holders):
        message = (
            f"the specified association for route table {route_table_id} conflicts with an existing association"
        )
        raise EC2ClientError("Resource.AlreadyAssociated", message)
    return original(ec2, route_table_id, gateway_id, subnet_id)


def _disassociate(original: Any, ec2: Any, association_id: str) -> Any:
    if any(table.main_association_id == association_id for table in ec2.route_tables.values()):
        message = f"cannot disassociate the main route table association {association_id}"
        raise EC2ClientError("InvalidParameterValue", message)
    return original(ec2, association_id)


def _create_route_table(original: Any, response: Any) -> Any:
    """Create a route table, or return the one with the same client token (EC2 API reference, idempotency)."""
    token, ec2 = response._get_param("ClientToken"), response.ec2_backend
    sent = (response._get_param("VpcId"), response._get_param("TagSpecifications", []))
    made = next((t for t in ec2.route_tables.values() if token and getattr(t, "token", None) == token), None)
    if made is None:
        before = {*ec2.route_tables}
        answered = original(response)
        for table_id in {*ec2.route_tables} - before:
            ec2.route_tables[table_id].token, ec2.route_tables[table_id].sent = token, sent
        return answered
    if made.sent != sent:
        message = "The client token was used before, with other parameters."
        raise EC2ClientError("IdempotentParameterMismatch", message)
    return ActionResult({"RouteTable": made})


def _create_route(
    original: Any, ec2: Any, route_table_id: str, destination_cidr_block: str | None, *args: Any, **kwargs: Any
) -> Any:
    gateway = ec2.internet_gateways.get(kwargs.get("gateway_id"))
    table = ec2.get_route_table(route_table_id)
    if gateway is not None and (gateway.vpc is None or gateway.vpc.id != table.vpc_id):
        message = f"route table {route_table_id} and network gateway {gateway.id} belong to different networks"
        raise EC2ClientError("InvalidParameterValue", message)
    return original(ec2, route_table_id, _without_host_bits(destination_cidr_block), *args, **kwargs)


def _delete_route(
    original: Any, ec2: Any, route_table_id: str, destination_cidr_block: str | None, *args: Any, **kwargs: Any
) -> Any:
    return original(ec2, route_table_id, _without_host_bits(destination_cidr_block), *args, **kwargs)


def _without_host_bits(cidr: str | None) -> str | None:
    """Return the destination without host bits, as AWS stores it."""
    return str(ip_network(cidr, strict=False)) if cidr and _is_network(cidr) else cidr


def _route_state(route: Any) -> str:
    """Return `blackhole` for a route to a gateway that is detached or deleted, `active` for any other."""
    gateway = route.gateway
    if not isinstance(gateway, InternetGateway):
        return "active"
    attached = gateway.id in route.route_table.ec2_backend.internet_gateways and gateway.vpc is not None
    return "active" if attached else "blackhole"


def _modify_subnet_attribute(original: Any, response: Any) -> Any:
    return _modify_one(_SUBNET_ATTRIBUTES, original, response)


def _modify_vpc_attribute(original: Any, response: Any) -> Any:
    return _modify_one(_VPC_ATTRIBUTES, original, response)


def _modify_one(attributes: tuple[str, ...], original: Any, response: Any) -> Any:
    if sum(response._get_param(f"{name}.Value") is not None for name in attributes) > 1:
        raise EC2ClientError("InvalidParameterCombination", "Fields from only one attribute may be specified.")
    return original(response)
