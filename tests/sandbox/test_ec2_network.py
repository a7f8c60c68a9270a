from typing import Any

import pytest
from botocore.exceptions import ClientError
from makers import Network, client_of, code_of, make_alb, make_network

from reconciler.sandbox import REAL, install


@pytest.fixture
def ec2(aws) -> Any:
    return client_of("ec2")


@pytest.fixture
def network(ec2) -> Network:
    return make_network(ec2, "10.0")


def gateway_of(ec2: Any, network: Network) -> str:
    attached = [{"Name": "attachment.vpc-id", "Values": [network.vpc]}]
    return ec2.describe_internet_gateways(Filters=attached)["InternetGateways"][0]["InternetGatewayId"]


def make_table(ec2: Any, network: Network) -> str:
    return ec2.create_route_table(VpcId=network.vpc)["RouteTable"]["RouteTableId"]


def states(ec2: Any, table: str) -> list[str]:
    return [
        route["State"] for route in ec2.describe_route_tables(RouteTableIds=[table])["RouteTables"][0]["Routes"]
    ]


def test_a_subnet_with_an_interface_is_not_deleted(ec2, network):
    ec2.create_network_interface(SubnetId=network.subnets[0])
    with pytest.raises(ClientError) as refused:
        ec2.delete_subnet(SubnetId=network.subnets[0])
    assert code_of(refused) == "DependencyViolation"


def test_a_deleted_subnet_leaves_its_route_table_free(ec2, network):
    table = make_table(ec2, network)
    ec2.associate_route_table(RouteTableId=table, SubnetId=network.subnets[0])
    ec2.delete_subnet(SubnetId=network.subnets[0])
    ec2.delete_route_table(RouteTableId=table)
    assert table not in str(ec2.describe_route_tables()["RouteTables"])


def test_a_vpc_is_held_by_its_gateway_and_its_groups(ec2, network):
    for subnet in network.subnets:
        ec2.delete_subnet(SubnetId=subnet)
    gateway = gateway_of(ec2, network)
    with pytest.raises(ClientError, match="DependencyViolation"):
        ec2.delete_vpc(VpcId=network.vpc)
    ec2.detach_internet_gateway(InternetGatewayId=gateway, VpcId=network.vpc)
    with pytest.raises(ClientError, match="DependencyViolation"):
        ec2.delete_vpc(VpcId=network.vpc)
    ec2.delete_security_group(GroupId=network.group)
    ec2.delete_vpc(VpcId=network.vpc)


def test_a_gateway_stays_while_public_addresses_are_mapped(ec2, network, clock):
    install(REAL, clock=clock)
    elb, gateway = client_of("elbv2"), gateway_of(ec2, network)
    elb.delete_load_balancer(LoadBalancerArn=make_alb(elb, network))
    with pytest.raises(ClientError, match="has some mapped public address"):
        ec2.detach_internet_gateway(InternetGatewayId=gateway, VpcId=network.vpc)
    clock.advance(REAL.interface_lingers)
    ec2.detach_internet_gateway(InternetGatewayId=gateway, VpcId=network.vpc)


def test_a_vpc_has_one_gateway(ec2, network):
    second = ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
    with pytest.raises(ClientError) as refused:
        ec2.attach_internet_gateway(InternetGatewayId=second, VpcId=network.vpc)
    assert code_of(refused) == "Resource.AlreadyAssociated"


def test_a_route_to_a_deleted_gateway_is_a_black_hole(ec2, network):
    table, gateway = make_table(ec2, network), gateway_of(ec2, network)
    ec2.create_route(RouteTableId=table, DestinationCidrBlock="0.0.0.0/0", GatewayId=gateway)
    assert states(ec2, table) == ["active", "active"]
    ec2.detach_internet_gateway(InternetGatewayId=gateway, VpcId=network.vpc)
    ec2.delete_internet_gateway(InternetGatewayId=gateway)
    assert states(ec2, table) == ["active", "blackhole"]


def test_a_destination_is_kept_without_host_bits(ec2, network):
    table, gateway = make_table(ec2, network), gateway_of(ec2, network)
    ec2.create_route(RouteTableId=table, DestinationCidrBlock="172.16.5.1/16", GatewayId=gateway)
    routes = ec2.describe_route_tables(RouteTableIds=[table])["RouteTables"][0]["Routes"]
    assert routes[1]["DestinationCidrBlock"] == "172.16.0.0/16"
    ec2.delete_route(RouteTableId=table, DestinationCidrBlock="172.16.5.1/16")


def test_attributes_of_a_subnet_and_of_a_vpc_are_changed_one_by_one(ec2, network):
    yes = {"Value": True}
    with pytest.raises(ClientError, match="multiple attribute types"):
        ec2.modify_subnet_attribute(
            SubnetId=network.subnets[0], MapPublicIpOnLaunch=yes, AssignIpv6AddressOnCreation=yes
        )
    with pytest.raises(ClientError, match="multiple attribute types"):
        ec2.modify_vpc_attribute(VpcId=network.vpc, EnableDnsSupport=yes, EnableDnsHostnames=yes)
    ec2.modify_vpc_attribute(VpcId=network.vpc, EnableDnsHostnames=yes)
    read = ec2.describe_vpc_attribute(VpcId=network.vpc, Attribute="enableDnsHostnames")
    assert read["EnableDnsHostnames"] == {"Value": True}


def test_a_token_makes_one_route_table(ec2, network):
    sent = {"VpcId": network.vpc, "ClientToken": "once"}
    first, again = (ec2.create_route_table(**sent)["RouteTable"] for _ in range(2))
    assert again == first
    assert make_table(ec2, network) != first["RouteTableId"]
    marks = [{"ResourceType": "route-table", "Tags": [{"Key": "a", "Value": "b"}]}]
    with pytest.raises(ClientError) as refused:
        ec2.create_route_table(**sent, TagSpecifications=marks)
    assert code_of(refused) == "IdempotentParameterMismatch"
    ec2.delete_route_table(RouteTableId=first["RouteTableId"])
    assert ec2.create_route_table(**sent)["RouteTable"]["RouteTableId"] != first["RouteTableId"]
