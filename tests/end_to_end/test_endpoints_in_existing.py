"""Endpoints in a VPC of others: what they write into it is in the file by name, and goes with them."""

from pathlib import Path

import pytest
from crash.cloud import cloud, run
from crash.existing import make_network
from crash.inventory import compare, take_inventory
from support import client
from whole import planned

from desired_state import LoadError, Platform, load
from reconciler.sandbox import CALM

FILE = """
platform: shop
environment: dev
region: us-east-1
network:
  existing:
    vpc: VPC
    subnets: {private: SUBNETS}
    allow: {route_tables: [TABLE], private_dns: true}
  endpoints: [s3, ecr, logs]
load_balancer: none
services: {web: {tracing: none, desired_count: 1}}
"""
S3, LOGS = "com.amazonaws.us-east-1.s3", "com.amazonaws.us-east-1.logs"


def make_vpc() -> tuple[str, list[str], str]:
    """Make somebody's VPC with private subnets that have a route table and no way out, and return their ids."""
    vpc, _public, private = make_network(way_out=False)
    table = str(client("ec2").create_route_table(VpcId=vpc)["RouteTable"]["RouteTableId"])
    for subnet in private:
        client("ec2").associate_route_table(RouteTableId=table, SubnetId=subnet)
    return vpc, private, table


def platform(folder: Path, vpc: tuple[str, list[str], str], *changes: tuple[str, str]) -> Platform:
    text = FILE
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    text = text.replace("VPC", vpc[0]).replace("SUBNETS", f"[{', '.join(vpc[1])}]").replace("TABLE", vpc[2])
    file = folder / "platform.yaml"
    file.write_text(text)
    return load(file, environ={})


def mistakes(folder: Path, vpc: tuple[str, list[str], str], *changes: tuple[str, str]) -> str:
    with pytest.raises(LoadError) as failed:
        planned(platform(folder, vpc, *changes))
    return str(failed.value)


def endpoints() -> dict[str, dict[str, object]]:
    found = client("ec2").describe_vpc_endpoints()["VpcEndpoints"]
    return {one["ServiceName"].removeprefix("com.amazonaws.us-east-1."): one for one in found}


def test_they_are_made_change_in_place_and_leave_the_vpc_as_it_was(tmp_path):
    with cloud(CALM) as clock:
        ec2, vpc = client("ec2"), make_vpc()
        ec2.associate_vpc_cidr_block(VpcId=vpc[0], CidrBlock="10.10.0.0/16")
        further = ec2.create_route_table(VpcId=vpc[0])["RouteTable"]["RouteTableId"]
        before = take_inventory(client)
        first = run(platform(tmp_path, vpc), clock)
        assert first.clean
        assert any("s3" in str(warning.address) for warning in first.todo.warnings)  # cut connections
        assert run(platform(tmp_path, vpc), clock).todo.changes == ()
        made = endpoints()
        assert made.keys() == {"s3", "ecr.api", "ecr.dkr", "logs"}
        assert made["s3"]["RouteTableIds"] == [vpc[2]]
        assert sorted(made["logs"]["SubnetIds"]) == sorted(vpc[1])
        (group,) = made["logs"]["Groups"]
        (found,) = ec2.describe_security_groups(GroupIds=[group["GroupId"]])["SecurityGroups"]
        let_in = {one["CidrIp"] for rule in found["IpPermissions"] for one in rule["IpRanges"]}
        assert let_in == {"10.9.0.0/16", "10.10.0.0/16"}
        clock.advance(3600)
        more = (("[TABLE]", f"[TABLE, {further}]"), ("[s3, ecr, logs]", "[s3, ecr, logs, sqs]"))
        assert run(platform(tmp_path, vpc, *more), clock).clean
        assert sorted(endpoints()["s3"]["RouteTableIds"]) == sorted([vpc[2], further])
        assert endpoints()["s3"]["VpcEndpointId"] == made["s3"]["VpcEndpointId"]
        clock.advance(3600)
        assert run(platform(tmp_path, vpc), clock).clean
        assert endpoints().keys() == made.keys()
        assert run(platform(tmp_path, vpc), clock, destroy=True).clean
        clock.advance(3600)
        assert not compare(take_inventory(client), before)


def test_one_that_is_taken_out_of_its_table_is_drift(tmp_path):
    with cloud(CALM) as clock:
        vpc = make_vpc()
        assert run(platform(tmp_path, vpc), clock).clean
        clock.advance(3600)
        gateway = endpoints()["s3"]["VpcEndpointId"]
        client("ec2").modify_vpc_endpoint(VpcEndpointId=gateway, RemoveRouteTableIds=[vpc[2]])
        assert run(platform(tmp_path, vpc), clock).clean
        assert endpoints()["s3"]["RouteTableIds"] == [vpc[2]]


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        (
            [("route_tables: [TABLE], ", "")],
            "10:3: network.endpoints: s3 would write routes into route tables in a VPC that exists: name these in",
        ),
        (
            [(", private_dns: true", "")],
            "10:3: network.endpoints: ecr, logs would take the names of AWS services for everything in a VPC",
        ),
        (
            [("[TABLE]", "[rtb-12345678]")],
            "9:28: network.existing.allow.route_tables[0]: rtb-12345678 is not a route table of vpc-",
        ),
        ([("[s3, ecr, logs]", "[s3, ecr]")], "has no way out: no route to 0.0.0.0/0, and no endpoint for logs"),
    ],
)
def test_what_is_not_allowed_or_not_there_is_told_before_any_write(aws, tmp_path, changes, told):
    assert told in mistakes(tmp_path, make_vpc(), *changes)
    assert endpoints() == {}


def test_a_gateway_is_a_way_out_only_by_the_table_of_the_subnet(aws, tmp_path):
    vpc = make_vpc()
    other = client("ec2").create_route_table(VpcId=vpc[0])["RouteTable"]["RouteTableId"]
    assert "no endpoint for s3" in mistakes(tmp_path, (*vpc[:2], other))
    client("ec2").create_vpc_endpoint(VpcId=vpc[0], ServiceName=S3, RouteTableIds=[other])
    without = (("route_tables: [TABLE], ", ""), ("[s3, ecr, logs]", "[ecr, logs]"))
    assert "no endpoint for s3" in mistakes(tmp_path, vpc, *without)


def test_an_image_that_no_endpoint_leads_to_is_told_with_its_line(aws, tmp_path):
    told = mistakes(tmp_path, make_vpc(), ("{tracing: none", "{image: nginx, tracing: none"))
    assert "12:18: services.web.image: nginx cannot be pulled without NAT" in told
    assert told.endswith("push a copy there, or give its subnets a route out")


def test_what_others_have_already_is_told_before_any_write(aws, tmp_path):
    ec2, vpc = client("ec2"), make_vpc()
    wanted = [
        {"ServiceName": S3, "RouteTableIds": [vpc[2]]},
        {"ServiceName": LOGS, "VpcEndpointType": "Interface", "SubnetIds": vpc[1], "PrivateDnsEnabled": True},
    ]
    made = [ec2.create_vpc_endpoint(VpcId=vpc[0], **one)["VpcEndpoint"] for one in wanted]
    ids = [one["VpcEndpointId"] for one in made]
    told = mistakes(tmp_path, vpc)
    not_ours = "which is not this stack's, has"
    assert (
        f"10:15: network.endpoints[0]: {vpc[0]} has an endpoint of {S3} already: {ids[0]}, {not_ours}" in told
    )
    assert f"the route in {vpc[2]}; leave s3 out" in told
    assert (
        f"10:24: network.endpoints[2]: {vpc[0]} has an endpoint of {LOGS} already: {ids[1]}, {not_ours}" in told
    )
    assert "the service's private name; leave logs out" in told
    assert len(told.splitlines()) == 2


def test_an_endpoint_of_others_that_leaves_table_and_name_free_stays_as_it_is(tmp_path):
    with cloud(CALM) as clock:
        ec2, vpc = client("ec2"), make_vpc()
        other = ec2.create_route_table(VpcId=vpc[0])["RouteTable"]["RouteTableId"]
        ec2.create_vpc_endpoint(VpcId=vpc[0], ServiceName=S3, RouteTableIds=[other])
        named = {"VpcEndpointType": "Interface", "SubnetIds": vpc[1], "PrivateDnsEnabled": False}
        ec2.create_vpc_endpoint(VpcId=vpc[0], ServiceName=LOGS, **named)
        clock.advance(3600)
        before = take_inventory(client)
        assert run(platform(tmp_path, vpc), clock).clean
        clock.advance(3600)
        assert run(platform(tmp_path, vpc), clock).todo.changes == ()
        assert run(platform(tmp_path, vpc), clock, destroy=True).clean
        clock.advance(3600)
        assert not compare(take_inventory(client), before)
