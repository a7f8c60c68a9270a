"""Whole platforms as people run them: each comes up on the embedded AWS, stays as it is, and goes."""

import os
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from crash.inventory import compare, take_inventory

from desired_state import Platform, load
from desired_state.elsewhere import find_named_elsewhere, list_existing
from reconciler.aws.client import Aws, enclosed
from reconciler.aws.clock import Clock
from reconciler.rehearsal import rehearse
from reconciler.sandbox import CALM
from reconciler.sandbox.planted import plant
from reconciler.sandbox.private import private

ROOT = Path(__file__).parents[2]
HERE = Path(__file__).parent
EXAMPLES = sorted((ROOT / "examples").glob("*/platform.yaml"))
FILES = [*sorted(HERE.glob("*.yaml")), *sorted(HERE.glob("*/platform.yaml")), *EXAMPLES]


def make_dual_stack(aws: Aws) -> None:
    """Make somebody's VPC with IPv6, whose subnets are reached from within only, and have a way out."""
    ec2 = aws.client("ec2")
    vpc = ec2.create_vpc(CidrBlock="10.7.0.0/16", AmazonProvidedIpv6CidrBlock=True)["Vpc"]["VpcId"]
    ec2.modify_vpc_attribute(VpcId=vpc, EnableDnsHostnames={"Value": True})
    (found,) = ec2.describe_vpcs(VpcIds=[vpc])["Vpcs"]
    block = found["Ipv6CidrBlockAssociationSet"][0]["Ipv6CidrBlock"].removesuffix("00::/56")
    gateway = ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
    ec2.attach_internet_gateway(InternetGatewayId=gateway, VpcId=vpc)
    placed = [
        ec2.create_subnet(
            VpcId=vpc,
            CidrBlock=f"10.7.{number}.0/24",
            Ipv6CidrBlock=f"{block}0{number}::/64",
            AvailabilityZone=f"us-east-1{zone}",
        )["Subnet"]["SubnetId"]
        for number, zone in enumerate("abc")
    ]
    address = ec2.allocate_address(Domain="vpc")["AllocationId"]
    nat = ec2.create_nat_gateway(SubnetId=placed[2], AllocationId=address)["NatGateway"]["NatGatewayId"]
    for target, subnets in (({"GatewayId": gateway}, placed[2:]), ({"NatGatewayId": nat}, placed[:2])):
        table = ec2.create_route_table(VpcId=vpc)["RouteTable"]["RouteTableId"]
        ec2.create_route(RouteTableId=table, DestinationCidrBlock="0.0.0.0/0", **target)
        for subnet in subnets:
            ec2.associate_route_table(RouteTableId=table, SubnetId=subnet)
    ec2.create_tags(Resources=[vpc], Tags=[{"Key": "Name", "Value": "dual"}])
    ec2.create_tags(Resources=placed[:2], Tags=[{"Key": "Tier", "Value": "private"}])


PREPARED: Mapping[str, Callable[[Aws], None]] = {"dual-stack": make_dual_stack}


def read(file: Path, environment: str = "dev") -> Platform:
    return load(file, environment, environ={})


def name_of(file: Path) -> str:
    return file.parent.name if file.name == "platform.yaml" else file.stem


@pytest.mark.parametrize("file", FILES, ids=name_of)
def test_a_platform_comes_up_is_left_alone_by_a_second_plan_and_goes(file):
    """What exists already is as it was: no tag, no change, and no resource more or less."""
    platform = read(file)
    with private(CALM, given=frozenset(find_named_elsewhere(platform)), account=platform.account) as time:
        aws = enclosed("us-east-1")
        PREPARED.get(file.stem, lambda _aws: None)(aws)
        plant(existing := list_existing(platform), platform.account, aws.region)
        before = take_inventory(aws.client) if existing else None
        assert rehearse(platform, aws, Clock(time.now, time.advance)).problems == ()
        if before:
            time.advance(3600)
            assert not compare(take_inventory(aws.client), before)


def test_each_environment_can_be_loaded():
    overlays = [path for file in FILES for path in file.parent.glob("environments/*.yaml")]
    assert len(overlays) >= 6
    for path in overlays:
        assert read(path.parents[1] / "platform.yaml", path.stem).environment == path.stem


@pytest.mark.parametrize("file", EXAMPLES, ids=name_of)
def test_an_example_says_how_it_is_tried(file):
    text = (file.parent / "README.md").read_text()
    assert f"python -m reconciler rehearse {os.path.relpath(file, ROOT)} --env dev" in text
    assert len(text.splitlines()) <= 40
