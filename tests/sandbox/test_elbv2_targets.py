"""Targets: their states, from their registration until they are gone."""

from typing import Any

import pytest
from makers import client_of, forward
from refusals.balancing import Stage, attribute

from reconciler.sandbox import REAL, install


@pytest.fixture
def stage(aws: object) -> Stage:
    return Stage()


def states(stage: Stage, group: str, *targets: Any) -> list[tuple[Any, ...]]:
    """Return address, port, state and reason of these targets, or of all."""
    asked = {"Targets": list(targets)} if targets else {}
    told = stage.elb.describe_target_health(TargetGroupArn=group, **asked)["TargetHealthDescriptions"]
    return [
        (each["Target"]["Id"], each["Target"]["Port"], health["State"], health.get("Reason"))
        for each in told
        for health in [each["TargetHealth"]]
    ]


def register(stage: Stage, group: str, *targets: Any) -> None:
    stage.elb.register_targets(TargetGroupArn=group, Targets=list(targets))


def test_a_target_is_unused_initial_healthy_draining_and_gone(stage, clock):
    install(REAL, clock=clock)
    clock.advance(REAL.lag)
    group, target = stage.group(), {"Id": "10.0.0.9"}
    delay = "deregistration_delay.timeout_seconds"
    stage.elb.modify_target_group_attributes(TargetGroupArn=group, Attributes=attribute(delay, "100"))
    register(stage, group, target)
    assert states(stage, group) == [("10.0.0.9", 8080, "unused", "Target.NotInUse")]
    clock.advance(REAL.lag)
    stage.listener(forward(group))
    assert states(stage, group) == [("10.0.0.9", 8080, "initial", "Elb.RegistrationInProgress")]
    clock.advance(REAL.target_healthy)
    assert states(stage, group) == [("10.0.0.9", 8080, "healthy", None)]
    stage.elb.deregister_targets(TargetGroupArn=group, Targets=[target])
    clock.advance(99)
    assert states(stage, group) == [("10.0.0.9", 8080, "draining", "Target.DeregistrationInProgress")]
    clock.advance(1)
    assert states(stage, group) == []
    assert states(stage, group, target) == [("10.0.0.9", 8080, "unused", "Target.NotRegistered")]


def test_one_address_is_a_target_for_each_of_its_ports(stage):
    group = stage.group()
    stage.listener(forward(group))
    register(stage, group, {"Id": "10.0.0.9"}, {"Id": "10.0.0.9", "Port": 81}, {"Id": "10.0.0.9"})
    assert [port for _, port, *_ in states(stage, group)] == [8080, 81]
    gone = [{"Id": "10.0.0.9", "Port": 81}, {"Id": "10.0.0.77"}]  # of which one was never there
    stage.elb.deregister_targets(TargetGroupArn=group, Targets=gone)
    assert [port for _, port, *_ in states(stage, group)] == [8080]


def test_a_target_in_a_zone_without_the_load_balancer_is_unused(stage):
    subnet = client_of("ec2").create_subnet(
        VpcId=stage.network.vpc, CidrBlock="10.0.9.0/24", AvailabilityZone="us-east-1c"
    )
    group = stage.group()
    stage.listener(forward(group))
    register(stage, group, {"Id": "10.0.9.9"}, {"Id": "10.0.0.9"})
    assert [state for *_, state, _ in states(stage, group)] == ["unused", "healthy"]
    subnets = [*stage.network.subnets, subnet["Subnet"]["SubnetId"]]
    stage.elb.set_subnets(LoadBalancerArn=stage.alb, Subnets=subnets)
    assert [state for *_, state, _ in states(stage, group)] == ["healthy", "healthy"]


def test_an_address_of_the_vpc_is_told_with_its_zone(stage):
    group = stage.group()
    register(stage, group, {"Id": "10.0.1.9"})
    (told,) = stage.elb.describe_target_health(TargetGroupArn=group)["TargetHealthDescriptions"]
    assert told["Target"]["AvailabilityZone"] == "us-east-1b"
