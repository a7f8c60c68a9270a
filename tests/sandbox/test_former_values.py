"""After a change, reads tell the former value for some seconds, and then the new one."""

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from makers import client_of
from stage import Stage

from reconciler.sandbox import CALM, Clock, install

LAGGING = replace(CALM, name="lagging", lag=8)
TRUST = {
    "Version": "2012-10-17",
    "Statement": [
        {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": "ecs.amazonaws.com"}}
    ],
}
ALLOW = {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}}

Change, Read = Callable[[], Any], Callable[[], Any]


def subnet(stage: Stage) -> tuple[Change, Read]:
    own_id = {"SubnetId": stage.subnets[0]}
    return (
        lambda: stage.ec2.modify_subnet_attribute(**own_id, MapPublicIpOnLaunch={"Value": True}),
        lambda: stage.ec2.describe_subnets(SubnetIds=[*own_id.values()])["Subnets"][0]["MapPublicIpOnLaunch"],
    )


def vpc(stage: Stage) -> tuple[Change, Read]:
    read = {"VpcId": stage.vpc, "Attribute": "enableDnsSupport"}
    return (
        lambda: stage.ec2.modify_vpc_attribute(VpcId=stage.vpc, EnableDnsSupport={"Value": False}),
        lambda: stage.ec2.describe_vpc_attribute(**read)["EnableDnsSupport"]["Value"],
    )


def balancer(stage: Stage) -> tuple[Change, Read]:
    stage.balanced()
    arn = {"LoadBalancerArn": stage.elb.describe_load_balancers()["LoadBalancers"][0]["LoadBalancerArn"]}
    idle = {"Key": "idle_timeout.timeout_seconds", "Value": "90"}
    return (
        lambda: stage.elb.modify_load_balancer_attributes(**arn, Attributes=[idle]),
        lambda: value_of(stage.elb.describe_load_balancer_attributes(**arn), idle["Key"]),
    )


def group(stage: Stage) -> tuple[Change, Read]:
    arn, delay = {"TargetGroupArn": stage.target_group()}, "deregistration_delay.timeout_seconds"
    return (
        lambda: stage.elb.modify_target_group_attributes(**arn, Attributes=[{"Key": delay, "Value": "9"}]),
        lambda: value_of(stage.elb.describe_target_group_attributes(**arn), delay),
    )


def health_check(stage: Stage) -> tuple[Change, Read]:
    arn = stage.target_group()
    return (
        lambda: stage.elb.modify_target_group(TargetGroupArn=arn, HealthCheckPath="/up"),
        lambda: stage.elb.describe_target_groups(TargetGroupArns=[arn])["TargetGroups"][0]["HealthCheckPath"],
    )


def value_of(answer: Any, key: str) -> str:
    return next(attribute["Value"] for attribute in answer["Attributes"] if attribute["Key"] == key)


def service(stage: Stage) -> tuple[Change, Read]:
    stage.service()
    return lambda: stage.update(desiredCount=3), lambda: stage.described()["desiredCount"]


def policies(stage: Stage) -> tuple[Change, Read]:
    iam = client_of("iam")
    iam.create_role(RoleName="r", AssumeRolePolicyDocument=json.dumps(TRUST))
    return (
        lambda: iam.put_role_policy(RoleName="r", PolicyName="p", PolicyDocument=json.dumps(ALLOW)),
        lambda: len(iam.list_role_policies(RoleName="r")["PolicyNames"]),
    )


@pytest.mark.parametrize("thing", [subnet, vpc, balancer, group, health_check, service, policies])
def test_reads_tell_the_former_value_or_the_new_one_and_then_the_new_one(client: Any, clock: Clock, thing: Any):
    change, read = thing(Stage(client))
    install(LAGGING, clock=clock, seed=1)
    former = read()
    change()
    seen = {read() for _ in range(20)}
    clock.advance(LAGGING.lag)
    new = {read() for _ in range(5)}
    assert len(new) == 1
    assert seen == {former} | new
    assert former not in new


def test_a_calm_aws_tells_the_new_value_at_once(client: Any):
    change, read = service(Stage(client))
    change()
    assert {read() for _ in range(5)} == {3}
