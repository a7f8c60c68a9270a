"""What is made in things that exist already is allowed there, and nothing else is."""

import pytest

from desired_state import Platform, load
from reconciler.rights.existing import existing_grants
from reconciler.rights.place import place_of
from reconciler.rights.use import Use

ELB = "arn:aws:elasticloadbalancing:us-east-1:123456789012"
FILE = """
platform: shop
environment: dev
region: us-east-1
network: {existing: {vpc: VPC, subnets: {public: [subnet-12345678]}}}
discovery: {existing: ns-abc}
load_balancer: {existing: "ELB:loadbalancer/app/theirs/0a", listeners: {a: {existing: "ELB:listener/app/theirs/0a/0b"}}}
"""


def granted(folder, vpc: str, use: Use) -> list[dict[str, object]]:
    file = folder / "platform.yaml"
    file.write_text(FILE.replace("VPC", vpc).replace("ELB", ELB))
    platform: Platform = load(file, environ={})
    place = place_of(platform, partition="aws", region="us-east-1", account="123456789012")
    return [one.document for one in existing_grants(platform, use, place)]


def test_an_apply_may_make_groups_names_and_rules_there(tmp_path):
    group, name, rule = granted(tmp_path, "vpc-12345678", Use.APPLY)
    assert (group["Action"], group["Resource"]) == (
        "ec2:CreateSecurityGroup",
        "arn:aws:ec2:us-east-1:123456789012:vpc/vpc-12345678",
    )
    assert (name["Action"], name["Resource"]) == (
        "servicediscovery:CreateService",
        "arn:aws:servicediscovery:us-east-1:123456789012:namespace/ns-abc",
    )
    assert (rule["Action"], rule["Resource"]) == (
        "elasticloadbalancing:CreateRule",
        f"{ELB}:listener/app/theirs/0a/0b",
    )
    assert rule["Condition"] == {"StringEquals": {"aws:RequestTag/ecs-reconciler:stack": "shop/dev/us-east-1"}}


def test_a_vpc_that_the_file_knows_by_its_tags_is_allowed_by_them(tmp_path):
    group, *_ = granted(tmp_path, "{tags: {Name: main}}", Use.APPLY)
    assert group["Condition"] == {"StringEquals": {"aws:ResourceTag/Name": "main"}}


@pytest.mark.parametrize("use", [Use.PLAN, Use.DRIFT, Use.DESTROY])
def test_what_makes_nothing_may_make_nothing_there(tmp_path, use):
    assert granted(tmp_path, "vpc-12345678", use) == []
