"""Security groups and managed policies of others are checked first, and are never changed."""

from pathlib import Path
from typing import Any

import pytest
from crash.cloud import cloud, run
from crash.inventory import compare, take_inventory
from support import client
from test_networks import make_network, write_subnets
from whole import planned

from desired_state import LoadError, Platform, load
from reconciler.sandbox import CALM

READ_ONLY = "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess"
ALLOWED = '[{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}]'
FILE = """
platform: shop
environment: dev
region: us-east-1
tags: {Team: shop, Stage: dev}
services:
  worker: {image: nginx, port: none, desired_count: 1, tags: {Team: web}, FIELDS}
"""


def platform(folder: Path, fields: str, more: str = "") -> Platform:
    file = folder / "platform.yaml"
    file.write_text(FILE.replace("FIELDS", fields) + more)
    return load(file, environ={})


def make_group(vpc: str) -> str:
    made = client("ec2").create_security_group(GroupName="theirs", Description="theirs", VpcId=vpc)
    return str(made["GroupId"])


def describe_group(group: str) -> Any:
    return client("ec2").describe_security_groups(GroupIds=[group])["SecurityGroups"]


def find_groups() -> list[str]:
    (service,) = client("ecs").describe_services(
        cluster="ecs-cluster-shop-dev", services=["svc-worker-shop-dev"]
    )["services"]
    return sorted(service["networkConfiguration"]["awsvpcConfiguration"]["securityGroups"])


def test_tasks_are_in_a_group_of_others_and_their_role_has_a_policy_of_others(tmp_path):
    with cloud(CALM) as clock:
        assert run(platform(tmp_path, "protect: false"), clock).clean
        (own,), (vpc,) = find_groups(), client("ec2").describe_vpcs()["Vpcs"][-1:]
        theirs = make_group(vpc["VpcId"])
        before = describe_group(theirs)
        attached = platform(tmp_path, f"security_groups: [{theirs}], policies: ['{READ_ONLY}']")
        assert run(attached, clock).clean
        assert find_groups() == sorted([own, theirs])
        role = "ecs-task-worker-shop-dev"
        policies = client("iam").list_attached_role_policies(RoleName=role)["AttachedPolicies"]
        assert [policy["PolicyArn"] for policy in policies] == [READ_ONLY]
        assert not run(attached, clock).todo.changes
        assert run(platform(tmp_path, "protect: false"), clock).clean
        assert find_groups() == [own]
        assert describe_group(theirs) == before


def test_a_group_and_a_policy_in_an_existing_network_are_as_they_were_after_all_commands(tmp_path):
    with cloud(CALM) as clock:
        vpc, public, private = make_network()
        group, document = make_group(vpc), '{"Version": "2012-10-17", "Statement": []}'
        policy = client("iam").create_policy(
            PolicyName="theirs", PolicyDocument=document.replace("[]", ALLOWED)
        )
        arn = policy["Policy"]["Arn"]
        before = take_inventory(client)
        network = f"network: {{existing: {{vpc: {vpc}, subnets: {write_subnets(public, private)}}}}}\n"
        inside = platform(tmp_path, f"security_groups: [{group}], policies: ['{arn}']", network)
        assert run(inside, clock).clean
        client("iam").detach_role_policy(RoleName="ecs-task-worker-shop-dev", PolicyArn=arn)
        assert [str(c.address) for c in run(inside, clock, correct=True).todo.changes] == [
            "iam_role.ecs-task-worker-shop-dev"
        ]
        assert not run(inside, clock).todo.changes
        assert run(inside, clock, destroy=True).clean
        clock.advance(3600)
        assert not compare(take_inventory(client), before)


def test_tags_of_a_service_are_on_all_of_it_and_win_over_the_platforms(tmp_path):
    with cloud(CALM) as clock:
        assert run(platform(tmp_path, "protect: false"), clock).clean
        found = client("iam").list_role_tags(RoleName="ecs-task-worker-shop-dev")["Tags"]
        tags = {tag["Key"]: tag["Value"] for tag in found}
        assert (tags["Team"], tags["Stage"]) == ("web", "dev")


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ("policies: ['arn:aws:iam::aws:policy/Nothing']", "there is no managed policy arn:aws:iam::aws:"),
        ("security_groups: [sg-12345678]", "there is no sg-12345678 in us-east-1"),
        ("security_groups: [GROUP]", "and the tasks are in a VPC that is yet to be made"),
    ],
)
def test_what_is_not_there_or_elsewhere_is_told_with_its_line_before_any_write(aws, tmp_path, fields, message):
    group = make_group(client("ec2").create_vpc(CidrBlock="10.9.0.0/16")["Vpc"]["VpcId"])
    with pytest.raises(LoadError) as failed:
        planned(platform(tmp_path, fields.replace("GROUP", group)))
    assert message in str(failed.value)
    assert "platform.yaml:7:" in str(failed.value)
