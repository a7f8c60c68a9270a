"""Answers of EC2 that moto makes shorter: what is only begun, names, and whose addresses are."""

from typing import Any

import pytest
from makers import client_of, make_alb
from refusals.ec2_world import address, ec2, interface, network, table

pytestmark = pytest.mark.usefixtures("aws")


def endpoint(own_id: str) -> Any:
    (found,) = ec2().describe_vpc_endpoints(VpcEndpointIds=[own_id])["VpcEndpoints"]
    return found


def test_the_interfaces_and_names_of_an_endpoint_follow_its_subnets_and_groups() -> None:
    made = network()
    ec2().modify_vpc_attribute(VpcId=made.vpc, EnableDnsHostnames={"Value": True})
    service = "com.amazonaws.us-east-1.ecr.api"
    asked = {"VpcId": made.vpc, "VpcEndpointType": "Interface", "ServiceName": service}
    answer = ec2().create_vpc_endpoint(**asked, SubnetIds=made.subnets)["VpcEndpoint"]
    assert answer["State"] == "pending"
    door, (first, *_) = endpoint(answer["VpcEndpointId"]), (each["DnsName"] for each in answer["DnsEntries"])
    assert door["State"] == "available"
    own, _, rest = first.partition(".")
    names = [own, f"{own}-us-east-1a", f"{own}-us-east-1b"]
    assert rest == "api.ecr.us-east-1.vpce.amazonaws.com"
    told = [each["DnsName"] for each in door["DnsEntries"]]
    assert told == [f"{name}.{rest}" for name in names] + ["api.ecr.us-east-1.amazonaws.com"]
    former = door["Groups"][0]["GroupId"]
    change = {"RemoveSubnetIds": made.subnets[1:], "AddSecurityGroupIds": [made.group]}
    ec2().modify_vpc_endpoint(
        VpcEndpointId=door["VpcEndpointId"],
        RemoveSecurityGroupIds=[former],
        PrivateDnsEnabled=False,
        **change,
    )
    door = endpoint(door["VpcEndpointId"])
    assert [each["DnsName"] for each in door["DnsEntries"]] == [f"{name}.{rest}" for name in names[:2]]
    (eni,) = ec2().describe_network_interfaces(NetworkInterfaceIds=door["NetworkInterfaceIds"])[
        "NetworkInterfaces"
    ]
    assert (eni["SubnetId"], [g["GroupId"] for g in eni["Groups"]]) == (made.subnets[0], [made.group])
    ec2().delete_subnet(SubnetId=made.subnets[1])


def test_a_new_interface_is_pending_in_its_answer_only() -> None:
    eni = ec2().create_network_interface(SubnetId=network().subnets[0])["NetworkInterface"]
    assert eni["Status"] == "pending"
    named = {"NetworkInterfaceIds": [eni["NetworkInterfaceId"]]}
    assert ec2().describe_network_interfaces(**named)["NetworkInterfaces"][0]["Status"] == "available"


def test_a_load_balancers_public_addresses_are_amazon_elbs() -> None:
    make_alb(client_of("elbv2"), network())
    enis = ec2().describe_network_interfaces(Filters=[{"Name": "requester-id", "Values": ["amazon-elb"]}])
    assert {eni["Association"]["IpOwnerId"] for eni in enis["NetworkInterfaces"]} == {"amazon-elb"}


def test_a_group_is_told_with_its_tags_and_a_deleted_one_with_its_id() -> None:
    tags = [{"Key": "stack", "Value": "shop"}]
    made = ec2().create_security_group(
        GroupName="g",
        Description="g",
        VpcId=network().vpc,
        TagSpecifications=[{"ResourceType": "security-group", "Tags": tags}],
    )
    assert made["Tags"] == tags
    gone = ec2().delete_security_group(GroupId=made["GroupId"])
    assert (gone["Return"], gone["GroupId"]) == (True, made["GroupId"])


def test_lists_that_are_empty_and_blocks_of_prefix_lists_are_told() -> None:
    made = network()
    (found,) = ec2().describe_route_tables(RouteTableIds=[table(made.vpc)])["RouteTables"]
    assert found["PropagatingVgws"] == []
    (subnet, *_) = ec2().describe_subnets(SubnetIds=made.subnets)["Subnets"]
    assert subnet["MapCustomerOwnedIpOnLaunch"] is False
    assert all(each["Cidrs"] for each in ec2().describe_prefix_lists()["PrefixLists"])


def test_an_address_moves_to_another_interface() -> None:
    subnet, allocation = network().subnets[0], address()
    one, two = interface(subnet), interface(subnet)
    for each in (one, two):
        ec2().associate_address(AllocationId=allocation, NetworkInterfaceId=each)
    (found,) = ec2().describe_addresses(Filters=[{"Name": "domain", "Values": ["vpc"]}])["Addresses"]
    assert found["NetworkInterfaceId"] == two
    (former,) = ec2().describe_network_interfaces(NetworkInterfaceIds=[one])["NetworkInterfaces"]
    assert "Association" not in former


def test_a_policy_of_an_endpoint_is_reset() -> None:
    vpc, policy = network().vpc, '{"Version": "2012-10-17", "Statement": []}'
    made = ec2().create_vpc_endpoint(
        VpcId=vpc, ServiceName="com.amazonaws.us-east-1.s3", PolicyDocument=policy
    )["VpcEndpoint"]
    ec2().modify_vpc_endpoint(VpcEndpointId=made["VpcEndpointId"], ResetPolicy=True)
    assert '"2008-10-17"' in endpoint(made["VpcEndpointId"])["PolicyDocument"]


def test_an_account_blocks_no_public_access_and_has_no_stale_rules() -> None:
    made = network()
    told = ec2().describe_vpc_block_public_access_options()["VpcBlockPublicAccessOptions"]
    assert told["InternetGatewayBlockMode"] == "off"
    assert ec2().describe_stale_security_groups(VpcId=made.vpc)["StaleSecurityGroupSet"] == []
    named = ec2().describe_security_group_references(GroupId=[made.group])
    assert named["SecurityGroupReferenceSet"] == []
