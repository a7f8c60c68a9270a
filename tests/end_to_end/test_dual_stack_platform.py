"""A platform with IPv6 beside IPv4: its routes and groups, on and off under what runs, and a VPC of others."""

from pathlib import Path

import pytest
from crash.cloud import Run, cloud, run
from crash.inventory import compare, take_inventory
from support import client

from desired_state import Platform, load
from reconciler.sandbox import CALM

FILE = """
platform: shop
environment: dev
region: us-east-1
network: NETWORK
services:
  web: {image: {uri: nginx}, routes: [{priority: 1, paths: ["/*"]}], desired_count: COUNT}
"""
OURS = "{subnets: {public: {}, private: {}}, nat: one, ipv6: IPV6}"
EVERYWHERE = "::/0"


def platform(folder: Path, network: str, count: int = 1) -> Platform:
    file = folder / "platform.yaml"
    file.write_text(FILE.replace("NETWORK", network).replace("COUNT", str(count)))
    return load(file, environ={})


def with_ipv6(folder: Path, ipv6: str, count: int = 1) -> Platform:
    return platform(folder, OURS.replace("IPV6", ipv6), count)


def kinds(done: Run) -> set[str]:
    return {change.address.kind for change in done.todo.changes}


def ways_over_ipv6() -> list[str]:
    """Return what the routes to `::/0` lead to: the beginnings of ids."""
    tables = client("ec2").describe_route_tables()["RouteTables"]
    routes = [r for table in tables for r in table["Routes"] if r.get("DestinationIpv6CidrBlock") == EVERYWHERE]
    return sorted((r.get("EgressOnlyInternetGatewayId") or r["GatewayId"]).partition("-")[0] for r in routes)


def groups_with_ipv6() -> int:
    groups = client("ec2").describe_security_groups()["SecurityGroups"]
    ranges = ([one["CidrIpv6"] for p in g["IpPermissionsEgress"] for one in p["Ipv6Ranges"]] for g in groups)
    return sum(found == [EVERYWHERE] for found in ranges)


def addresses_of_tasks() -> list[int]:
    """Return how many IPv6 addresses each task has."""
    interfaces = client("ec2").describe_network_interfaces()["NetworkInterfaces"]
    return [len(i["Ipv6Addresses"]) for i in interfaces if ":attachment/" in i["Description"]]


def test_ipv6_goes_on_and_off_under_a_platform_that_runs(tmp_path):
    with cloud(CALM) as clock:
        before = take_inventory(client)
        assert run(with_ipv6(tmp_path, "false"), clock).clean
        on = run(with_ipv6(tmp_path, "true"), clock)
        assert on.clean
        assert "ecs_service" not in kinds(on)
        assert not any(change.replaces for change in on.todo.changes)
        assert (ways_over_ipv6(), groups_with_ipv6()) == (["eigw", "eigw", "igw", "igw"], 2)
        assert not run(with_ipv6(tmp_path, "true"), clock).todo.changes
        assert addresses_of_tasks() == [0]

        run(with_ipv6(tmp_path, "true", count=2), clock)
        assert sorted(addresses_of_tasks()) == [0, 1]
        refused = run(with_ipv6(tmp_path, "false", count=2), clock)
        assert [conflict.address.kind for conflict in refused.todo.conflicts] == ["subnet"]
        run(with_ipv6(tmp_path, "true", count=0), clock)
        clock.advance(3600)
        assert run(with_ipv6(tmp_path, "false", count=0), clock).clean
        assert (ways_over_ipv6(), groups_with_ipv6()) == ([], 0)
        assert not run(with_ipv6(tmp_path, "false", count=0), clock).todo.changes

        assert run(with_ipv6(tmp_path, "true"), clock).clean
        assert run(with_ipv6(tmp_path, "true"), clock, destroy=True).clean
        clock.advance(3600)
        assert not compare(take_inventory(client), before)


@pytest.mark.parametrize("given_up", [False, True])
def test_groups_in_a_vpc_of_others_let_out_what_it_has(tmp_path, given_up):
    with cloud(CALM) as clock:
        ec2 = client("ec2")
        (vpc,) = ec2.describe_vpcs()["Vpcs"]
        own_id = vpc["VpcId"]
        ec2.associate_vpc_cidr_block(VpcId=own_id, AmazonProvidedIpv6CidrBlock=True)
        (block,) = ec2.describe_vpcs()["Vpcs"][0]["Ipv6CidrBlockAssociationSet"]
        if given_up:
            ec2.disassociate_vpc_cidr_block(AssociationId=block["AssociationId"])
        gateway = ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
        ec2.attach_internet_gateway(InternetGatewayId=gateway, VpcId=own_id)
        (table,) = ec2.describe_route_tables()["RouteTables"]
        ec2.create_route(
            RouteTableId=table["RouteTableId"], DestinationCidrBlock="0.0.0.0/0", GatewayId=gateway
        )
        subnets = [subnet["SubnetId"] for subnet in ec2.describe_subnets()["Subnets"]][:2]
        inside = f"{{existing: {{vpc: {own_id}, subnets: {{public: [{', '.join(subnets)}]}}}}}}"
        assert run(platform(tmp_path, inside), clock).clean
        assert not run(platform(tmp_path, inside), clock).todo.changes
        assert groups_with_ipv6() == (0 if given_up else 2)
