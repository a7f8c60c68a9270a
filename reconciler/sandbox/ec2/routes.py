"""Routes as in AWS: to what is present in their own VPC, black holes when it is gone."""

from ipaddress import IPv4Network, IPv6Network
from typing import Any

from moto.ec2.exceptions import EC2ClientError, InvalidRouteError, RouteAlreadyExistsError
from moto.ec2.models import EC2Backend
from moto.ec2.models.internet_gateways import InternetGateway
from moto.ec2.models.route_tables import Route
from moto.ec2.responses.route_tables import RouteTables

from reconciler.sandbox.ec2.cidrs import clear_host_bits, parse
from reconciler.sandbox.ec2.ids import PREFIX_LIST
from reconciler.sandbox.ec2.nat_gateways import LIVING
from reconciler.sandbox.ec2.needed import DESTINATIONS
from reconciler.sandbox.ec2.present import find
from reconciler.sandbox.world import add, wrap

FAMILIES = {"DestinationCidrBlock": IPv4Network, "DestinationIpv6CidrBlock": IPv6Network}
OTHER_GATEWAYS = ("vgw-", "vpce-", "local")  # that GatewayId may name besides internet gateways
TARGET_CODES = {  # of targets that do not exist
    "NatGatewayId": "InvalidNatGatewayID.NotFound",
    "EgressOnlyInternetGatewayId": "InvalidGatewayID.NotFound",
    "NetworkInterfaceId": "InvalidNetworkInterfaceID.NotFound",
}
ENDED = ("deleting", "deleted")  # states of NAT gateways to which no route is made


def install() -> None:
    wrap(RouteTables, "create_route", _create_route)
    wrap(RouteTables, "replace_route", _replace_route)
    wrap(RouteTables, "delete_route", _delete_route)
    wrap(EC2Backend, "replace_route", _replace_with_any_target)
    add(Route, "state", property(_state))


def _create_route(original: Any, response: Any) -> Any:
    table, destination = _read(response)
    if any(destination == _destination(route) for route in table._routes.values()):
        raise RouteAlreadyExistsError(destination)
    _check_target(response, table)
    return original(response)


def _replace_route(original: Any, response: Any) -> Any:
    """Replace the target of a route. AWS says InvalidParameterValue where there is none, as moto knows."""
    table, _ = _read(response)
    _check_target(response, table)
    return original(response)


def _replace_with_any_target(original: Any, ec2: Any, *args: Any, **kwargs: Any) -> Any:
    route = original(ec2, *args, **kwargs)
    if route.local:
        route.local = False  # its target is another now
    return route


def _delete_route(original: Any, response: Any) -> Any:
    table, destination = _read(response)
    route = next((route for route in table._routes.values() if _destination(route) == destination), None)
    if route is None:
        raise InvalidRouteError(table.id, destination)
    if route.local:
        message = f"cannot remove local route {destination} in route table {table.id}"
        raise EC2ClientError("InvalidParameterValue", message)
    if str(getattr(route.gateway, "id", "")).startswith("vpce-"):
        message = f"cannot remove VPC endpoint route {destination} in route table {table.id}"
        raise EC2ClientError("InvalidParameterValue", message)
    return original(response)


def _read(response: Any) -> tuple[Any, str]:
    """Return the table and the destination, which loses its host bits in the request too."""
    table = response.ec2_backend.get_route_table(response._get_param("RouteTableId"))
    name = next(name for name in DESTINATIONS if response._get_param(name))
    sent = str(response._get_param(name))
    if name in FAMILIES and not isinstance(parse(sent), FAMILIES[name]):
        parameter = f"{name[0].lower()}{name[1:]}"
        message = f"Value ({sent}) for parameter {parameter} is invalid. This is not a valid CIDR block."
        raise EC2ClientError("InvalidParameterValue", message)
    destination = str(clear_host_bits(sent))
    response.params = {**response.params, name: destination}
    return table, destination


def _destination(route: Any) -> str | None:
    found = (
        route.destination_cidr_block or route.destination_ipv6_cidr_block or route.destination_prefix_list_id
    )
    return clear_host_bits(found)


def _check_target(response: Any, table: Any) -> None:
    """Refuse a target that is absent, or in another VPC."""
    ec2, params = response.ec2_backend, response.params
    if params.get("DestinationPrefixListId") and find(ec2, params["DestinationPrefixListId"]) is None:
        raise PREFIX_LIST.refuse(params["DestinationPrefixListId"])
    if params.get("GatewayId"):
        _check_gateway(ec2, table, params["GatewayId"])
    for name, code in TARGET_CODES.items():
        target = find(ec2, params[name]) if params.get(name) else None
        if params.get(name) and (target is None or getattr(target, "state", None) in ENDED):
            raise EC2ClientError(code, f"The gateway ID '{params[name]}' does not exist")
        if target is not None:
            _require_vpc(table, params[name], target.vpc_id)
    if params.get("EgressOnlyInternetGatewayId") and params.get("DestinationCidrBlock"):
        message = "Egress only internet gateways take IPv6 destinations only"
        raise EC2ClientError("InvalidParameterValue", message)


def _check_gateway(ec2: Any, table: Any, gateway_id: str) -> None:
    """Refuse an internet gateway that is absent or elsewhere, and what is no gateway at all."""
    if gateway_id.startswith(OTHER_GATEWAYS):
        return
    gateway = find(ec2, gateway_id) if gateway_id.startswith("igw-") else None
    if gateway is None:
        raise EC2ClientError("InvalidGatewayID.NotFound", f"The gateway ID '{gateway_id}' does not exist")
    _require_vpc(table, gateway_id, gateway.vpc and gateway.vpc.id)


def _require_vpc(table: Any, target_id: str, vpc_id: str | None) -> None:
    if vpc_id != table.vpc_id:
        message = f"route table {table.id} and network gateway {target_id} belong to different networks"
        raise EC2ClientError("InvalidParameterValue", message)


def _state(route: Any) -> str:
    """Return `blackhole` for a route to what is detached or deleted, `active` for any other."""
    ec2, gateway = route.route_table.ec2_backend, route.gateway
    if isinstance(gateway, InternetGateway) and (
        gateway.vpc is None or gateway.id not in ec2.internet_gateways
    ):
        return "blackhole"
    if route.nat_gateway is not None and route.nat_gateway.state not in LIVING:
        return "blackhole"
    egress = route.egress_only_igw
    if egress is not None and egress.id not in ec2.egress_only_internet_gateways:
        return "blackhole"
    if route.interface is not None and route.interface.id not in ec2.enis:
        return "blackhole"
    peering = route.vpc_pcx
    return "blackhole" if peering is not None and peering.status["Code"] == "deleted" else "active"
