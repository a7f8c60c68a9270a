import pytest
from network import vpc
from support import client, differences, look, make, see, settle

from reconciler.model.spec import Live
from reconciler.model.tags import NAME, STACK
from reconciler.resources.subnet import Subnet
from reconciler.resources.vpc import KIND, Vpc, from_aws

pytestmark = pytest.mark.usefixtures("aws")


def the_vpc() -> str:
    (live,) = [live for live in look([vpc()]) if live.spec.kind == "vpc"]
    return live.outputs["id"]


@pytest.mark.parametrize(
    ("answered_tags", "tags"),
    [
        ([{"Key": NAME, "Value": "vpc-dev"}], {NAME: "vpc-dev"}),
        ([{"Key": "aws:cloudformation:stack-name", "Value": "theirs"}], {}),
    ],
)
def test_an_answer_becomes_a_spec(answered_tags: list[dict[str, str]], tags: dict[str, str]):
    answer = {"VpcId": "vpc-1", "CidrBlock": "10.0.0.0/16", "State": "available", "Tags": answered_tags}
    spec = from_aws("vpc-dev", answer, {"EnableDnsSupport": True, "EnableDnsHostnames": False})
    assert spec == Vpc(name="vpc-dev", tags=tags, cidr="10.0.0.0/16", dns_support=True, dns_hostnames=False)


def test_a_new_vpc_is_tagged_as_it_is_made_and_gets_one_attribute_a_call():
    create, wait, names = KIND.ensure(vpc(), None)
    assert create.params["TagSpecifications"][0]["ResourceType"] == "vpc"
    assert wait.until == "vpc_available"
    assert names.params == {"VpcId": vpc().ref(), "EnableDnsHostnames": {"Value": True}}


def test_made_then_nothing_to_do_then_gone():
    assert settle([vpc()]) == ["create vpc.vpc-dev"]
    assert settle([], file=[vpc()]) == ["delete vpc.vpc-dev"]
    assert look([vpc()]) == []


@pytest.mark.parametrize(
    ("field", "attribute"), [("dns_support", "EnableDnsSupport"), ("dns_hostnames", "EnableDnsHostnames")]
)
def test_a_dns_attribute_changed_by_hand_is_put_right(field: str, attribute: str):
    settle([vpc()])
    client("ec2").modify_vpc_attribute(VpcId=the_vpc(), **{attribute: {"Value": False}})
    assert differences(see([vpc()])) == {"vpc.vpc-dev": [field]}
    settle([vpc()])


def test_a_tag_changed_by_hand_is_put_right_and_a_foreign_one_is_left():
    mine = make(Vpc, "vpc-dev", cidr="10.0.0.0/16").model_copy(
        update={"tags": {**vpc().tags, "team": "shop", "Name": "vpc-dev"}}
    )
    settle([mine])
    tags = [{"Key": "team", "Value": "other"}, {"Key": "theirs", "Value": "kept"}]
    client("ec2").create_tags(Resources=[the_vpc()], Tags=tags)
    assert differences(see([mine])) == {"vpc.vpc-dev": ["tags"]}
    settle([mine])
    (found,) = look([mine])
    assert found.spec.tags["theirs"] == "kept"


def test_another_range_is_another_vpc():
    settle([vpc()])
    assert settle([vpc(cidr="10.1.0.0/16")]) == ["create vpc.vpc-dev", "delete vpc.vpc-dev"]


def test_under_another_name_it_is_made_beside_the_old_one():
    settle([vpc()])
    changes = see([vpc().model_copy(update={"name": "vpc-prod"})]).changes
    assert {(str(c.op), c.address.name, c.after) for c in changes} == {
        ("delete", "vpc-dev", frozenset()),
        ("create", "vpc-prod", frozenset()),
    }


def test_a_range_is_kept_as_ec2_keeps_it():
    assert vpc(cidr="10.0.3.7/16").cidr == "10.0.0.0/16"


def test_a_vpc_whose_tags_were_lost_is_known_by_a_subnet_of_ours():
    subnet = make(Subnet, "a", vpc=vpc().ref(), cidr="10.0.0.0/24", zone="us-east-1a")
    settle([vpc(), subnet])
    client("ec2").delete_tags(Resources=[the_vpc()], Tags=[{"Key": STACK}])
    (conflict,) = see([vpc(), subnet]).conflicts
    assert "create-tags" in conflict.remedy


def test_a_vpc_of_others_is_neither_read_nor_touched():
    client("ec2").create_vpc(CidrBlock="10.0.0.0/16")
    assert look([vpc()]) == []


def test_without_its_name_tag_a_vpc_is_a_stranger():
    settle([vpc()])
    client("ec2").delete_tags(Resources=[the_vpc()], Tags=[{"Key": NAME}])
    (found,) = look([vpc()])
    assert isinstance(found, Live)
    assert found.owner is None
