"""Refused calls about VPCs, subnets and internet gateways."""

from typing import Any

from refusals.ec2_world import ec2, gateway, gateway_of, nat_gateway, network, other_network
from refusals.probe import Probe

YES = {"Value": True}
S3 = "com.amazonaws.us-east-1.s3"


def subnet(cidr: str, **more: Any) -> dict[str, Any]:
    return {"VpcId": network().vpc, "CidrBlock": cidr, **more}


def many_vpcs() -> dict[str, Any]:
    for number in range(4):  # and the default one
        ec2().create_vpc(CidrBlock=f"10.{number}.0.0/16")
    return {"CidrBlock": "10.9.0.0/16"}


def many_gateways() -> dict[str, Any]:
    for _ in range(5):
        gateway()
    return {}


def without_support() -> dict[str, Any]:
    vpc = network().vpc
    ec2().modify_vpc_attribute(VpcId=vpc, EnableDnsSupport={"Value": False})
    return {"VpcId": vpc, "EnableDnsHostnames": YES}


def peered() -> dict[str, Any]:
    vpc = ec2().create_vpc(CidrBlock="10.5.0.0/16")["Vpc"]["VpcId"]
    ec2().create_vpc_peering_connection(VpcId=vpc, PeerVpcId=network().vpc)
    return {"VpcId": vpc}


def with_acl() -> dict[str, Any]:
    vpc = ec2().create_vpc(CidrBlock="10.5.0.0/16")["Vpc"]["VpcId"]
    ec2().create_network_acl(VpcId=vpc)
    return {"VpcId": vpc}


def with_egress_gateway() -> dict[str, Any]:
    vpc = ec2().create_vpc(CidrBlock="10.5.0.0/16")["Vpc"]["VpcId"]
    ec2().create_egress_only_internet_gateway(VpcId=vpc)
    return {"VpcId": vpc}


def with_endpoint() -> dict[str, Any]:
    vpc = ec2().create_vpc(CidrBlock="10.5.0.0/16")["Vpc"]["VpcId"]
    ec2().create_vpc_endpoint(VpcId=vpc, ServiceName=S3)
    return {"VpcId": vpc}


def of_nat_gateway() -> dict[str, Any]:
    return {"SubnetId": nat_gateway(network().subnets[0])["SubnetId"]}


def attached_gateway() -> dict[str, Any]:
    return {"InternetGatewayId": gateway_of(network().vpc)}


def elsewhere() -> dict[str, Any]:
    return {"InternetGatewayId": gateway_of(network().vpc), "VpcId": other_network().vpc}


PROBES = [
    *(
        Probe("CreateVpc", "InvalidVpc.Range", lambda cidr=cidr: {"CidrBlock": cidr})
        for cidr in ("10.0.0.0/15", "10.0.0.0/29")
    ),
    *(
        Probe("CreateVpc", "InvalidParameterValue", lambda cidr=cidr: {"CidrBlock": cidr}, "CIDR")
        for cidr in ("nonsense", "10.0.0.0")
    ),
    Probe("CreateVpc", "MissingParameter", dict),
    Probe("CreateVpc", "VpcLimitExceeded", many_vpcs),
    Probe("CreateSubnet", "InvalidSubnet.Range", lambda: subnet("10.7.0.0/24")),
    Probe("CreateSubnet", "InvalidSubnet.Range", lambda: subnet("10.0.9.0/29")),
    Probe("CreateSubnet", "InvalidSubnet.Conflict", lambda: subnet("10.0.0.128/25")),
    Probe("CreateSubnet", "InvalidParameterValue", lambda: subnet("nonsense"), "CIDR"),
    Probe("CreateSubnet", "MissingParameter", lambda: {"VpcId": network().vpc}),
    Probe(
        "CreateSubnet",
        "InvalidParameterValue",
        lambda: subnet("10.0.9.0/24", AvailabilityZone="us-east-1z"),
        "zone",
    ),
    Probe(
        "CreateSubnet",
        "InvalidParameterValue",
        lambda: subnet("10.0.9.0/24", AvailabilityZone="eu-west-1a"),
        "zone",
    ),
    Probe(
        "CreateSubnet", "InvalidVpcID.NotFound", lambda: {"VpcId": "vpc-12345678", "CidrBlock": "10.0.9.0/24"}
    ),
    Probe("DeleteSubnet", "InvalidSubnetID.NotFound", lambda: {"SubnetId": "subnet-12345678"}),
    Probe("DeleteSubnet", "DependencyViolation", of_nat_gateway),
    Probe(
        "ModifySubnetAttribute",
        "InvalidSubnetID.NotFound",
        lambda: {"SubnetId": "subnet-12345678", "MapPublicIpOnLaunch": YES},
    ),
    Probe(
        "ModifyVpcAttribute",
        "InvalidVpcID.NotFound",
        lambda: {"VpcId": "vpc-12345678", "EnableDnsSupport": YES},
    ),
    Probe("ModifyVpcAttribute", "InvalidParameterValue", without_support, "DNS support"),
    Probe(
        "ModifyVpcAttribute",
        "InvalidParameterCombination",
        lambda: {"VpcId": network().vpc, "EnableDnsSupport": YES, "EnableDnsHostnames": YES},
        "enableDnsSupport, enableDnsHostnames",
    ),
    Probe(
        "DescribeVpcAttribute",
        "InvalidVpcID.NotFound",
        lambda: {"VpcId": "vpc-12345678", "Attribute": "enableDnsSupport"},
    ),
    Probe(
        "DescribeVpcAttribute", "InvalidParameterValue", lambda: {"VpcId": network().vpc, "Attribute": "colour"}
    ),
    Probe("DeleteVpc", "InvalidVpcID.NotFound", lambda: {"VpcId": "vpc-12345678"}),
    *(
        Probe("DeleteVpc", "DependencyViolation", held)
        for held in (lambda: {"VpcId": network().vpc}, peered, with_acl, with_egress_gateway, with_endpoint)
    ),
    Probe("CreateInternetGateway", "InternetGatewayLimitExceeded", many_gateways),
    Probe("AttachInternetGateway", "Resource.AlreadyAssociated", elsewhere),
    Probe(
        "AttachInternetGateway",
        "InvalidVpcID.NotFound",
        lambda: {"InternetGatewayId": gateway(), "VpcId": "vpc-12345678"},
    ),
    Probe("DetachInternetGateway", "Gateway.NotAttached", elsewhere),
    Probe("DeleteInternetGateway", "DependencyViolation", attached_gateway),
    Probe(
        "DeleteInternetGateway",
        "InvalidInternetGatewayID.NotFound",
        lambda: {"InternetGatewayId": "igw-12345678"},
    ),
]
