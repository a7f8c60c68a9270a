"""What the refused calls of EC2 need first."""

from collections.abc import Mapping
from typing import Any

from makers import Network, client_of, make_network

BLOCK = [{"CidrIp": "10.9.0.0/16"}]


def ec2() -> Any:
    return client_of("ec2")


def network() -> Network:
    return make_network(ec2(), "10.0")


def other_network() -> Network:
    return make_network(ec2(), "10.1")


def gateway() -> str:
    made: str = ec2().create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
    return made


def gateway_of(vpc: str) -> str:
    attached = [{"Name": "attachment.vpc-id", "Values": [vpc]}]
    (found,) = ec2().describe_internet_gateways(Filters=attached)["InternetGateways"]
    return str(found["InternetGatewayId"])


def table(vpc: str) -> str:
    return str(ec2().create_route_table(VpcId=vpc)["RouteTable"]["RouteTableId"])


def main_table(vpc: str) -> Mapping[str, Any]:
    of_vpc = [{"Name": "vpc-id", "Values": [vpc]}, {"Name": "association.main", "Values": ["true"]}]
    (found,) = ec2().describe_route_tables(Filters=of_vpc)["RouteTables"]
    return dict(found)


def address() -> str:
    return str(ec2().allocate_address(Domain="vpc")["AllocationId"])


def interface(subnet: str, **more: Any) -> str:
    made = ec2().create_network_interface(SubnetId=subnet, **more)
    return str(made["NetworkInterface"]["NetworkInterfaceId"])


def nat_gateway(subnet: str) -> Mapping[str, Any]:
    return dict(ec2().create_nat_gateway(SubnetId=subnet, AllocationId=address())["NatGateway"])


def tcp(**more: Any) -> dict[str, Any]:
    return {"IpProtocol": "tcp", "FromPort": 80, "ToPort": 80, **more}
