"""Refused calls about VPC endpoints and peering connections."""

from typing import Any

from refusals.ec2_world import ec2, network, other_network, table
from refusals.probe import Probe

S3, ECR = "com.amazonaws.us-east-1.s3", "com.amazonaws.us-east-1.ecr.api"


def endpoint(**more: Any) -> dict[str, Any]:
    return {"VpcId": network().vpc, "ServiceName": S3, **more}


def one_zone() -> dict[str, Any]:
    made = network()
    zone = {"AvailabilityZone": "us-east-1a", "CidrBlock": "10.0.9.0/24"}
    second = ec2().create_subnet(VpcId=made.vpc, **zone)["Subnet"]["SubnetId"]
    subnets = [made.subnets[0], second]
    return {"VpcId": made.vpc, "ServiceName": ECR, "VpcEndpointType": "Interface", "SubnetIds": subnets}


def accepted() -> dict[str, Any]:
    made = ec2().create_vpc_peering_connection(VpcId=network().vpc, PeerVpcId=other_network().vpc)
    named = {"VpcPeeringConnectionId": made["VpcPeeringConnection"]["VpcPeeringConnectionId"]}
    ec2().accept_vpc_peering_connection(**named)
    return named


def of_one_table() -> dict[str, Any]:
    vpc = network().vpc
    made = {"VpcId": vpc, "ServiceName": S3, "RouteTableIds": [table(vpc)]}
    ec2().create_vpc_endpoint(**made)
    return made


def of_one_name() -> dict[str, Any]:
    made = network()
    ec2().modify_vpc_attribute(VpcId=made.vpc, EnableDnsHostnames={"Value": True})
    named = {"VpcId": made.vpc, "ServiceName": ECR, "VpcEndpointType": "Interface"}
    ec2().create_vpc_endpoint(SubnetIds=made.subnets, **named)
    return named


def named_later() -> dict[str, Any]:
    """A second endpoint of a service, which is to get the private name too."""
    second = ec2().create_vpc_endpoint(**of_one_name(), PrivateDnsEnabled=False)
    return {"VpcEndpointId": second["VpcEndpoint"]["VpcEndpointId"], "PrivateDnsEnabled": True}


def swapped() -> dict[str, Any]:
    """A subnet in the place of another one of its zone, in one call."""
    asked = one_zone()
    first, second = asked["SubnetIds"]
    made = ec2().create_vpc_endpoint(**{**asked, "SubnetIds": [first]}, PrivateDnsEnabled=False)
    own_id = made["VpcEndpoint"]["VpcEndpointId"]
    return {"VpcEndpointId": own_id, "AddSubnetIds": [second], "RemoveSubnetIds": [first]}


PROBES = [
    Probe("CreateVpcEndpoint", "RouteAlreadyExists", of_one_table),
    Probe("CreateVpcEndpoint", "InvalidParameter", of_one_name, "conflicting DNS domain"),
    Probe("CreateVpcEndpoint", "InvalidServiceName", lambda: endpoint(ServiceName="nonsense")),
    Probe("CreateVpcEndpoint", "InvalidVpcEndpointType", lambda: endpoint(VpcEndpointType="Door")),
    Probe("CreateVpcEndpoint", "InvalidPolicyDocument", lambda: endpoint(PolicyDocument="{")),
    Probe("CreateVpcEndpoint", "InvalidParameter", lambda: endpoint(ServiceName=ECR), "service types"),
    Probe(
        "CreateVpcEndpoint",
        "InvalidParameter",
        lambda: endpoint(ServiceName=ECR, VpcEndpointType="Interface"),
        "private DNS",
    ),
    Probe(
        "CreateVpcEndpoint", "InvalidRouteTableID.NotFound", lambda: endpoint(RouteTableIds=["rtb-12345678"])
    ),
    Probe(
        "CreateVpcEndpoint",
        "InvalidSubnet",
        lambda: endpoint(ServiceName=ECR, VpcEndpointType="Interface", SubnetIds=other_network().subnets),
    ),
    Probe("CreateVpcEndpoint", "DuplicateSubnetsInSameZone", one_zone),
    Probe("ModifyVpcEndpoint", "DuplicateSubnetsInSameZone", swapped),
    Probe("ModifyVpcEndpoint", "InvalidParameter", named_later, "conflicting DNS domain"),
    Probe("ModifyVpcEndpoint", "InvalidVpcEndpointId.NotFound", lambda: {"VpcEndpointId": "vpce-12345678"}),
    Probe("AcceptVpcPeeringConnection", "InvalidStateTransition", accepted),
    Probe(
        "DeleteVpcPeeringConnection",
        "InvalidVpcPeeringConnectionID.NotFound",
        lambda: {"VpcPeeringConnectionId": "pcx-12345678"},
    ),
]
