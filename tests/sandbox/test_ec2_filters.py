"""Filters, pages and dry runs of EC2's describes, in one network each."""

from typing import Any

import pytest
from makers import client_of, make_network
from refusals.ec2_world import BLOCK, interface, nat_gateway, tcp

from reconciler.sandbox.ec2.describes import DESCRIBES
from reconciler.sandbox.ec2.filters import known_filters

pytestmark = pytest.mark.usefixtures("aws")


def where(name: str, *values: str) -> list[dict[str, Any]]:
    return [{"Name": name, "Values": [*values]}]


def named(filters: list[dict[str, Any]]) -> list[str]:
    return sorted(
        g["GroupName"] for g in client_of("ec2").describe_security_groups(Filters=filters)["SecurityGroups"]
    )


def test_a_filter_takes_wildcards_and_any_of_its_values() -> None:
    ec2 = client_of("ec2")
    in_vpc = where("vpc-id", make_network(ec2, "10.0").vpc)
    assert named(in_vpc) == ["alb", "default"]
    assert named([*in_vpc, *where("group-name", "a?b", "none")]) == ["alb"]
    assert named([*in_vpc, *where("group-name", "ALB", "de*")]) == ["default"]
    assert named([*in_vpc, *where("egress.ip-permission.cidr", "0.0.0.0/0")]) == ["alb", "default"]
    assert named([*in_vpc, *where("ip-permission.ipv6-cidr", "::/0")]) == []


def test_every_filter_that_aws_documents_is_played() -> None:
    ec2 = client_of("ec2")
    network = make_network(ec2, "10.0")
    interface(network.subnets[0])
    nat_gateway(network.subnets[0])
    ec2.create_vpc_endpoint(VpcId=network.vpc, ServiceName="com.amazonaws.us-east-1.s3")
    for describe in DESCRIBES:
        operation = "".join(part.capitalize() for part in describe.action.split("_"))
        for name in sorted(known_filters(operation) - {"tag"}):
            answer = getattr(ec2, describe.action)(Filters=where(name, "none of them"))
            assert answer[describe.member] == [], name


@pytest.mark.parametrize(
    ("action", "member", "name", "value", "count"),
    [
        ("describe_vpcs", "Vpcs", "is-default", "true", 1),
        ("describe_subnets", "Subnets", "private-dns-name-options-on-launch.hostname-type", "ip-name", 8),
        ("describe_route_tables", "RouteTables", "association.main", "true", 2),
        ("describe_route_tables", "RouteTables", "route.state", "active", 2),
        ("describe_network_interfaces", "NetworkInterfaces", "interface-type", "nat_gateway", 1),
        ("describe_nat_gateways", "NatGateways", "tag-key", "none", 0),
        ("describe_nat_gateways", "NatGateways", "state", "available", 1),
        ("describe_addresses", "Addresses", "network-border-group", "us-east-1", 1),
        ("describe_availability_zones", "AvailabilityZones", "opt-in-status", "opt-in-not-required", 6),
        ("describe_availability_zones", "AvailabilityZones", "zone-type", "local-zone", 0),
    ],
)
def test_a_filter_selects(action: str, member: str, name: str, value: str, count: int) -> None:
    ec2 = client_of("ec2")
    nat_gateway(make_network(ec2, "10.0").subnets[0])
    assert len(getattr(ec2, action)(Filters=where(name, value))[member]) == count


def test_local_zones_are_told_only_when_all_are_asked_for() -> None:
    ec2, local = client_of("ec2"), where("zone-type", "local-zone")
    assert ec2.describe_availability_zones(Filters=local)["AvailabilityZones"] == []
    (zone,) = ec2.describe_availability_zones(Filters=local, AllAvailabilityZones=True)["AvailabilityZones"]
    assert (zone["OptInStatus"], zone["ParentZoneName"]) == ("not-opted-in", "us-east-1d")


def test_a_dry_run_changes_nothing() -> None:
    ec2 = client_of("ec2")
    network = make_network(ec2, "10.0")
    group = {"GroupId": network.group}
    calls: list[tuple[str, dict[str, Any]]] = [
        ("create_subnet", {"VpcId": network.vpc, "CidrBlock": "10.0.9.0/24"}),
        ("create_nat_gateway", {"SubnetId": network.subnets[0], "ConnectivityType": "private"}),
        ("create_route_table", {"VpcId": network.vpc}),
        ("authorize_security_group_ingress", {**group, "IpPermissions": [tcp(IpRanges=BLOCK)]}),
        ("delete_security_group", group),
        ("create_tags", {"Resources": [network.vpc], "Tags": [{"Key": "a", "Value": "b"}]}),
    ]
    before = everything()
    for action, params in calls:
        with pytest.raises(ec2.exceptions.ClientError, match="DryRunOperation") as refused:
            getattr(ec2, action)(**params, DryRun=True)
        assert refused.value.response["ResponseMetadata"]["HTTPStatusCode"] == 412
    assert everything() == before


def everything() -> list[Any]:
    ec2 = client_of("ec2")
    return [getattr(ec2, describe.action)()[describe.member] for describe in DESCRIBES]


def test_what_a_filter_selects_comes_in_pages() -> None:
    ec2 = client_of("ec2")
    vpc = make_network(ec2, "10.0").vpc
    for number in range(11):
        ec2.create_security_group(GroupName=f"theirs-{number}", Description="theirs", VpcId=vpc)
    paginator = ec2.get_paginator("describe_security_groups")
    pages = [
        len(page["SecurityGroups"])
        for page in paginator.paginate(Filters=where("vpc-id", vpc), PaginationConfig={"PageSize": 5})
    ]
    assert pages == [5, 5, 3]
