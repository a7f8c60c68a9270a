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
network: {existing: {vpc: VPC, subnets: {public: [subnet-12345678]}ALLOW}}
discovery: {existing: ns-abc}
load_balancer: {existing: "ELB:loadbalancer/app/theirs/0a", listeners: {a: {existing: "ELB:listener/app/theirs/0a/0b"}}}
"""


def granted(folder, vpc: str, use: Use, allow: str = "") -> list[dict[str, object]]:
    file = folder / "platform.yaml"
    file.write_text(FILE.replace("VPC", vpc).replace("ELB", ELB).replace("ALLOW", allow))
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


def test_endpoints_may_be_made_in_the_tables_and_the_subnets_of_the_file_only(tmp_path):
    allow = ", allow: {route_tables: [rtb-12345678], private_dns: true}}, endpoints: [s3, logs"
    there, tables, subnets, *_ = granted(tmp_path, "vpc-12345678", Use.APPLY, allow + "]} # ")
    ec2 = "arn:aws:ec2:us-east-1:123456789012"
    assert there["Action"] == ["ec2:CreateSecurityGroup", "ec2:CreateVpcEndpoint"]
    calls = ["ec2:CreateVpcEndpoint", "ec2:ModifyVpcEndpoint"]
    assert (tables["Action"], tables["Resource"]) == (calls, f"{ec2}:route-table/rtb-12345678")
    assert (subnets["Action"], subnets["Resource"]) == (calls, f"{ec2}:subnet/subnet-12345678")


@pytest.mark.parametrize("use", [Use.PLAN, Use.DRIFT, Use.DESTROY])
def test_what_makes_nothing_may_make_nothing_there(tmp_path, use):
    assert granted(tmp_path, "vpc-12345678", use) == []
