"""NAT gateways, addresses and endpoints over the clock."""

from typing import Any

import pytest
from makers import client_of, code_of, make_network
from refusals.ec2_world import address, ec2, gateway_of, network, table

from reconciler.sandbox import REAL, install

pytestmark = pytest.mark.usefixtures("aws")


def state(gateway: str) -> str:
    (found,) = ec2().describe_nat_gateways(NatGatewayIds=[gateway])["NatGateways"]
    return str(found["State"])


def refused(action: str, **params: Any) -> str:
    with pytest.raises(ec2().exceptions.ClientError) as error:
        getattr(ec2(), action)(**params)
    return code_of(error)


def test_a_nat_gateway_takes_its_time_and_holds_what_is_under_it(clock) -> None:
    made, allocation = network(), address()
    routes = {"RouteTableId": table(made.vpc), "DestinationCidrBlock": "0.0.0.0/0"}
    install(REAL, clock=clock)
    answer = ec2().create_nat_gateway(SubnetId=made.subnets[0], AllocationId=allocation)["NatGateway"]
    gateway = answer["NatGatewayId"]
    assert (answer["State"], answer["ConnectivityType"], answer["AvailabilityMode"]) == (
        "pending",
        "public",
        "zonal",
    )
    clock.advance(REAL.nat_gateway)
    assert state(gateway) == "available"
    ec2().create_route(**routes, NatGatewayId=gateway)
    ec2().delete_nat_gateway(NatGatewayId=gateway)
    assert state(gateway) == "deleting"
    assert refused("delete_subnet", SubnetId=made.subnets[0]) == "DependencyViolation"
    assert refused("release_address", AllocationId=allocation) == "InvalidIPAddress.InUse"
    clock.advance(REAL.nat_gateway)
    assert state(gateway) == "deleted"
    (described,) = ec2().describe_route_tables(RouteTableIds=[routes["RouteTableId"]])["RouteTables"]
    assert [route["State"] for route in described["Routes"]] == ["active", "blackhole"]
    assert refused("release_address", AllocationId=allocation) == "AuthFailure"
    clock.advance(REAL.address_held)
    ec2().release_address(AllocationId=allocation)
    ec2().delete_subnet(SubnetId=made.subnets[0])
    clock.advance(3601)
    assert ec2().describe_nat_gateways()["NatGateways"] == []


def test_a_nat_gateway_without_an_internet_gateway_fails_later() -> None:
    made = network()
    ec2().detach_internet_gateway(InternetGatewayId=gateway_of(made.vpc), VpcId=made.vpc)
    answer = ec2().create_nat_gateway(SubnetId=made.subnets[0], AllocationId=address())["NatGateway"]
    (found,) = ec2().describe_nat_gateways(NatGatewayIds=[answer["NatGatewayId"]])["NatGateways"]
    assert (found["State"], found["FailureCode"]) == ("failed", "Gateway.NotAttached")


def test_a_token_makes_one_gateway_one_endpoint_and_one_interface() -> None:
    made = network()
    card = {"SubnetId": made.subnets[0], "ClientToken": "once"}
    assert (
        len(
            {ec2().create_network_interface(**card)["NetworkInterface"]["NetworkInterfaceId"] for _ in range(2)}
        )
        == 1
    )
    nat = {"SubnetId": made.subnets[0], "ConnectivityType": "private", "ClientToken": "once"}
    assert len({ec2().create_nat_gateway(**nat)["NatGateway"]["NatGatewayId"] for _ in range(2)}) == 1
    door = {"VpcId": made.vpc, "ServiceName": "com.amazonaws.us-east-1.s3", "ClientToken": "once"}
    assert len({ec2().create_vpc_endpoint(**door)["VpcEndpoint"]["VpcEndpointId"] for _ in range(2)}) == 1
    assert ec2().create_route_table(VpcId=made.vpc, ClientToken="once")["ClientToken"] == "once"


def test_an_endpoint_has_the_default_group_and_holds_its_subnet_until_it_is_deleted() -> None:
    made = network()
    ec2().modify_vpc_attribute(VpcId=made.vpc, EnableDnsHostnames={"Value": True})
    asked = {"ServiceName": "com.amazonaws.us-east-1.ecr.api", "VpcEndpointType": "Interface"}
    door = ec2().create_vpc_endpoint(VpcId=made.vpc, SubnetIds=made.subnets[:1], **asked)["VpcEndpoint"]
    assert [group["GroupName"] for group in door["Groups"]] == ["default"]
    assert door["PrivateDnsEnabled"] is True
    assert refused("delete_subnet", SubnetId=made.subnets[0]) == "DependencyViolation"
    both = [door["VpcEndpointId"], "vpce-12345678"]
    (missed,) = ec2().delete_vpc_endpoints(VpcEndpointIds=both)["Unsuccessful"]
    assert (missed["ResourceId"], missed["Error"]["Code"]) == ("vpce-12345678", "InvalidVpcEndpoint.NotFound")
    ec2().delete_subnet(SubnetId=made.subnets[0])


def test_a_gateway_endpoint_writes_its_routes() -> None:
    made = network()
    one, two = table(made.vpc), table(made.vpc)
    asked = {"VpcId": made.vpc, "ServiceName": "com.amazonaws.us-east-1.s3", "RouteTableIds": [one]}
    door = ec2().create_vpc_endpoint(**asked)["VpcEndpoint"]["VpcEndpointId"]
    assert [targets(one), targets(two)] == [["local", door], ["local"]]
    ec2().modify_vpc_endpoint(VpcEndpointId=door, AddRouteTableIds=[two], RemoveRouteTableIds=[one])
    assert [targets(one), targets(two)] == [["local"], ["local", door]]
    ec2().delete_vpc_endpoints(VpcEndpointIds=[door])
    assert targets(two) == ["local"]


def targets(table_id: str) -> list[str]:
    (described,) = ec2().describe_route_tables(RouteTableIds=[table_id])["RouteTables"]
    return [route["GatewayId"] for route in described["Routes"]]


def test_addresses_are_public_and_of_the_region() -> None:
    answer = ec2().allocate_address(Domain="vpc")
    assert (answer["PublicIpv4Pool"], answer["NetworkBorderGroup"]) == ("amazon", "us-east-1")
    (found,) = ec2().describe_addresses()["Addresses"]
    assert not {"InstanceId", "NetworkInterfaceId", "AssociationId"} & {*found}


def test_a_network_keeps_no_host_bits_and_a_subnet_has_awss_defaults() -> None:
    vpc = ec2().create_vpc(CidrBlock="10.5.6.7/16")["Vpc"]
    subnet = ec2().create_subnet(VpcId=vpc["VpcId"], CidrBlock="10.5.1.9/24")["Subnet"]
    assert (vpc["CidrBlock"], subnet["CidrBlock"]) == ("10.5.0.0/16", "10.5.1.0/24")
    defaults = {
        name: subnet[name] for name in ("EnableDns64", "Ipv6Native", "MapPublicIpOnLaunch", "DefaultForAz")
    }
    assert not any(defaults.values())
    assert subnet["BlockPublicAccessStates"] == {"InternetGatewayBlockMode": "off"}


def test_peered_vpcs_hold_each_other_and_may_name_each_others_groups() -> None:
    one, two = network(), make_network(client_of("ec2"), "10.1")
    made = ec2().create_vpc_peering_connection(VpcId=one.vpc, PeerVpcId=two.vpc)["VpcPeeringConnection"]
    ec2().accept_vpc_peering_connection(VpcPeeringConnectionId=made["VpcPeeringConnectionId"])
    pair = [{"GroupId": two.group, "VpcPeeringConnectionId": made["VpcPeeringConnectionId"]}]
    allowed = [{"IpProtocol": "-1", "UserIdGroupPairs": pair}]
    answer = ec2().authorize_security_group_ingress(GroupId=one.group, IpPermissions=allowed)
    assert answer["SecurityGroupRules"][0]["FromPort"] == -1


def test_an_interface_endpoint_is_pending_for_a_while(clock) -> None:
    made = network()
    install(REAL, clock=clock)
    asked = {"VpcId": made.vpc, "ServiceName": "com.amazonaws.us-east-1.logs", "SubnetIds": made.subnets[:1]}
    answer = ec2().create_vpc_endpoint(**asked, VpcEndpointType="Interface", PrivateDnsEnabled=False)
    named = {"VpcEndpointIds": [answer["VpcEndpoint"]["VpcEndpointId"]]}
    clock.advance(REAL.endpoint - 1)
    assert ec2().describe_vpc_endpoints(**named)["VpcEndpoints"][0]["State"] == "pending"
    clock.advance(1)
    assert ec2().describe_vpc_endpoints(**named)["VpcEndpoints"][0]["State"] == "available"


def test_a_deleted_endpoint_holds_its_name_and_its_vpc_until_it_is_gone(clock) -> None:
    made = network()
    ec2().modify_vpc_attribute(VpcId=made.vpc, EnableDnsHostnames={"Value": True})
    install(REAL, clock=clock)
    asked = {"VpcId": made.vpc, "ServiceName": "com.amazonaws.us-east-1.logs", "VpcEndpointType": "Interface"}
    named = {"VpcEndpointIds": [ec2().create_vpc_endpoint(**asked)["VpcEndpoint"]["VpcEndpointId"]]}
    for _ in range(2):  # again, it is no error
        assert ec2().delete_vpc_endpoints(**named)["Unsuccessful"] == []
    assert ec2().describe_vpc_endpoints(**named)["VpcEndpoints"][0]["State"] == "deleting"
    assert refused("create_vpc_endpoint", **asked) == "InvalidParameter"
    clock.advance(REAL.endpoint)
    assert ec2().describe_vpc_endpoints()["VpcEndpoints"] == []
    ec2().create_vpc_endpoint(**asked)
