"""Whole platforms as people run them: each comes up on the embedded AWS, stays as it is, and goes."""

import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from crash.cloud import drift_of, run
from crash.inline import disable_threads
from crash.inventory import compare, take_inventory
from support import client

from desired_state import Platform, load
from desired_state.elsewhere import find_named_elsewhere, list_existing
from reconciler.aws.client import Aws, enclosed
from reconciler.aws.clock import Clock
from reconciler.model.tags import STACK
from reconciler.rehearsal import rehearse
from reconciler.render.plan_summary import find_foreign
from reconciler.sandbox import CALM, REAL, Profile, current, use
from reconciler.sandbox import Clock as SandboxClock
from reconciler.sandbox.planted import plant
from reconciler.sandbox.private import private

ROOT = Path(__file__).parents[2]
HERE = Path(__file__).parent
EXAMPLES = sorted((ROOT / "examples").glob("*/platform.yaml"))
FILES = [*sorted(HERE.glob("*.yaml")), *sorted(HERE.glob("*/platform.yaml")), *EXAMPLES]


def make_dual_stack(aws: Aws) -> None:
    """Make somebody's VPC with IPv6: subnets with a gateway, and others with a way out only."""
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
        for number, zone in enumerate("abab")
    ]
    address = ec2.allocate_address(Domain="vpc")["AllocationId"]
    nat = ec2.create_nat_gateway(SubnetId=placed[2], AllocationId=address)["NatGateway"]["NatGatewayId"]
    for target, subnets in (({"GatewayId": gateway}, placed[2:]), ({"NatGatewayId": nat}, placed[:2])):
        table = ec2.create_route_table(VpcId=vpc)["RouteTable"]["RouteTableId"]
        ec2.create_route(RouteTableId=table, DestinationCidrBlock="0.0.0.0/0", **target)
        for subnet in subnets:
            ec2.associate_route_table(RouteTableId=table, SubnetId=subnet)
    ec2.create_tags(Resources=[vpc], Tags=[{"Key": "Name", "Value": "dual"}])
    for tier, subnets in (("private", placed[:2]), ("public", placed[2:])):
        ec2.create_tags(Resources=subnets, Tags=[{"Key": "Tier", "Value": tier}])


PREPARED: Mapping[str, Callable[[Aws], None]] = {"dual-stack": make_dual_stack}


def read(file: Path, environment: str = "dev") -> Platform:
    return load(file, environment, environ={})


def name_of(file: Path) -> str:
    return file.parent.name if file.name == "platform.yaml" else file.stem


def environments_of(file: Path) -> list[str]:
    overlays = file.parent.glob("environments/*.yaml") if file.name == "platform.yaml" else ()
    return sorted(overlay.stem for overlay in overlays) or ["dev"]


EACH = [(file, environment) for file in FILES for environment in environments_of(file)]
each = pytest.mark.parametrize(
    ("file", "environment"), EACH, ids=[f"{name_of(file)}-{environment}" for file, environment in EACH]
)


def without_protection(platform: Platform) -> Platform:
    """Return the platform with nothing that a destroy would have to leave."""
    services = {name: one.model_copy(update={"protect": False}) for name, one in platform.services.items()}
    return platform.model_copy(update={"services": services})


@contextmanager
def account_of(file: Path, platform: Platform, profile: Profile) -> Iterator[SandboxClock]:
    """Have what the file says exists. At the end, all is as it was: no tag, no change, nothing more or less."""
    given = frozenset(find_named_elsewhere(platform))
    with private(CALM, given=given, account=platform.account) as time:
        aws = enclosed("us-east-1")
        PREPARED.get(file.stem, lambda _aws: None)(aws)
        plant(list_existing(platform), platform.account, aws.region)
        before = take_inventory(aws.client)
        use(replace(current(), profile=profile))
        yield time
        time.advance(3600)  # until the interfaces of tasks and load balancers are gone
        assert not compare(take_inventory(aws.client), before)


def spoil() -> int:
    """Change what is this stack's as people do by hand, and return how many things are changed."""
    ec2, ecs = client("ec2"), client("ecs")
    ours = [{"Name": "tag-key", "Values": [STACK]}]
    groups = ec2.describe_security_groups(Filters=ours)["SecurityGroups"]
    for group in groups:
        anyone = {"IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}
        ec2.authorize_security_group_ingress(GroupId=group["GroupId"], IpPermissions=[anyone])
    services = [arn for cluster in ecs.list_clusters()["clusterArns"] for arn in list_services(ecs, cluster)]
    for arn in services:
        limits = {"maximumPercent": 150, "minimumHealthyPercent": 50}
        ecs.update_service(cluster=arn.split("/")[1], service=arn, deploymentConfiguration=limits)
    return len(groups) + len(services)


def list_services(ecs: Any, cluster: str) -> list[str]:
    found: list[str] = ecs.list_services(cluster=cluster)["serviceArns"]
    return found


@each
def test_a_platform_would_come_up_need_nothing_more_and_go(file, environment):
    """With AWS's durations, lag and rates."""
    platform = without_protection(read(file, environment))
    with account_of(file, platform, REAL) as time:
        assert rehearse(platform, enclosed("us-east-1"), Clock(time.now, time.advance)).problems == ()


@each
def test_a_platform_is_put_right_after_somebody_has_changed_it(file, environment):
    platform = without_protection(read(file, environment))
    with disable_threads(), account_of(file, platform, CALM) as time:
        assert run(platform, time).clean
        assert drift_of(platform, time).drift == ()
        spoiled = spoil()
        assert len({d.key.rpartition(".")[0] for d in drift_of(platform, time).drift}) >= spoiled > 0
        assert run(platform, time, correct=True).clean
        assert drift_of(platform, time).drift == ()
        todo = run(platform, time).todo
        assert (todo.changes, todo.warnings, [*find_foreign(todo)]) == ((), (), [])
        assert run(platform, time, destroy=True).clean


@pytest.mark.parametrize("file", EXAMPLES, ids=name_of)
def test_an_example_says_how_it_is_tried(file):
    text = (file.parent / "README.md").read_text()
    assert f"python -m reconciler rehearse {os.path.relpath(file, ROOT)} --env dev" in text
    assert len(text.splitlines()) <= 40
