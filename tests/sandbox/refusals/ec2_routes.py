"""Refused calls about route tables and routes."""

from typing import Any

from refusals.ec2_world import ec2, gateway, gateway_of, main_table, nat_gateway, network, other_network, table
from refusals.probe import Probe


def route(destination: str = "0.0.0.0/0", **target: str) -> dict[str, Any]:
    return {"RouteTableId": table(network().vpc), "DestinationCidrBlock": destination, **target}


def internet_route(destination: str = "0.0.0.0/0", **more: Any) -> dict[str, Any]:
    vpc = network().vpc
    return {
        "RouteTableId": table(vpc),
        "DestinationCidrBlock": destination,
        "GatewayId": gateway_of(vpc),
        **more,
    }


def second_route() -> dict[str, Any]:
    made = internet_route()
    ec2().create_route(**made)
    return made


def associated() -> dict[str, Any]:
    made = network()
    table_id = table(made.vpc)
    answer = ec2().associate_route_table(RouteTableId=table_id, SubnetId=made.subnets[0])
    return {"RouteTableId": table_id, "AssociationId": answer["AssociationId"], "SubnetId": made.subnets[0]}


def only(given: dict[str, Any], *names: str) -> dict[str, Any]:
    return {name: given[name] for name in names}


def replaced_by(table_id: str) -> dict[str, Any]:
    return {**only(associated(), "AssociationId"), "RouteTableId": table_id}


def main_association() -> dict[str, Any]:
    (association,) = main_table(network().vpc)["Associations"]
    return {"AssociationId": association["RouteTableAssociationId"]}


def other_parameters() -> dict[str, Any]:
    ec2().create_route_table(VpcId=network().vpc, ClientToken="once")
    return {"VpcId": other_network().vpc, "ClientToken": "once"}


def second_table() -> dict[str, Any]:
    made = associated()
    (subnet,) = ec2().describe_subnets(SubnetIds=[made["SubnetId"]])["Subnets"]
    return {"SubnetId": made["SubnetId"], "RouteTableId": table(subnet["VpcId"])}


def nat_elsewhere() -> dict[str, Any]:
    return route(NatGatewayId=nat_gateway(other_network().subnets[0])["NatGatewayId"])


PROBES = [
    Probe("CreateRouteTable", "InvalidVpcID.NotFound", lambda: {"VpcId": "vpc-12345678"}),
    Probe("CreateRouteTable", "IdempotentParameterMismatch", other_parameters),
    Probe("DeleteRouteTable", "InvalidRouteTableID.NotFound", lambda: {"RouteTableId": "rtb-12345678"}),
    Probe("DeleteRouteTable", "DependencyViolation", lambda: only(associated(), "RouteTableId")),
    Probe(
        "DeleteRouteTable", "DependencyViolation", lambda: only({**main_table(network().vpc)}, "RouteTableId")
    ),
    Probe("AssociateRouteTable", "MissingParameter", lambda: {"RouteTableId": table(network().vpc)}),
    Probe(
        "AssociateRouteTable",
        "InvalidParameterValue",
        lambda: {"RouteTableId": table(network().vpc), "SubnetId": other_network().subnets[0]},
        "different networks",
    ),
    Probe("AssociateRouteTable", "Resource.AlreadyAssociated", second_table),
    Probe(
        "DisassociateRouteTable",
        "InvalidAssociationID.NotFound",
        lambda: {"AssociationId": "rtbassoc-12345678"},
    ),
    Probe("DisassociateRouteTable", "InvalidParameterValue", main_association, "main route table"),
    Probe(
        "ReplaceRouteTableAssociation",
        "InvalidAssociationID.NotFound",
        lambda: {"AssociationId": "rtbassoc-12345678", "RouteTableId": table(network().vpc)},
    ),
    Probe(
        "ReplaceRouteTableAssociation",
        "InvalidParameterValue",
        lambda: replaced_by(table(other_network().vpc)),
        "different networks",
    ),
    Probe("CreateRoute", "RouteAlreadyExists", second_route),
    Probe("CreateRoute", "RouteAlreadyExists", lambda: internet_route("10.0.0.0/16")),
    Probe("CreateRoute", "MissingParameter", route),
    Probe(
        "CreateRoute", "InvalidParameterCombination", lambda: internet_route(DestinationIpv6CidrBlock="::/0")
    ),
    Probe("CreateRoute", "InvalidParameterCombination", lambda: internet_route(NatGatewayId="nat-12345678")),
    Probe("CreateRoute", "InvalidParameterValue", lambda: internet_route("nonsense"), "CIDR"),
    Probe("CreateRoute", "InvalidParameterValue", lambda: route(GatewayId=gateway()), "different networks"),
    Probe("CreateRoute", "InvalidParameterValue", nat_elsewhere, "different networks"),
    Probe("CreateRoute", "InvalidGatewayID.NotFound", lambda: route(GatewayId="igw-12345678")),
    Probe("CreateRoute", "InvalidNatGatewayID.NotFound", lambda: route(NatGatewayId="nat-12345678")),
    Probe(
        "CreateRoute", "InvalidNetworkInterfaceID.NotFound", lambda: route(NetworkInterfaceId="eni-12345678")
    ),
    Probe(
        "CreateRoute",
        "InvalidPrefixListId.Malformed",
        lambda: {"DestinationPrefixListId": "x", **only(internet_route(), "RouteTableId", "GatewayId")},
    ),
    Probe("DeleteRoute", "InvalidRoute.NotFound", route),
    Probe("DeleteRoute", "InvalidParameterValue", lambda: route("10.0.0.0/16"), "cannot remove local route"),
    Probe("ReplaceRoute", "InvalidParameterValue", internet_route, "no route defined"),
    Probe("ReplaceRoute", "MissingParameter", route),
]
