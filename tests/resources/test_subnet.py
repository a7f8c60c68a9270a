from typing import Any

import pytest
from network import A, subnet, vpc
from support import client, differences, look, see, settle

from reconciler.model.newness import if_new
from reconciler.model.tags import STACK
from reconciler.resources.subnet import KIND, NOT_FOUND, Subnet, clashes, from_aws
from reconciler.resources.vpc import NOT_FOUND as VPC_NOT_FOUND

pytestmark = pytest.mark.usefixtures("aws")
PLATFORM = [vpc(), subnet()]


ANSWER = {
    "SubnetId": "subnet-1",
    "VpcId": "vpc-1",
    "AvailabilityZone": "us-east-1a",
    "CidrBlock": "10.0.0.0/24",
    "MapPublicIpOnLaunch": True,
    "Tags": [{"Key": "team", "Value": "shop"}],
}
IPV6 = {"Ipv6CidrBlockAssociationSet": [{"Ipv6CidrBlock": "2600:db8::/64"}]}


def id_of(kind: str) -> str:
    return next(live.outputs["id"] for live in look(PLATFORM) if live.spec.kind == kind)


@pytest.mark.parametrize(
    ("ranges", "cidr"),
    [
        ({}, "10.0.0.0/24"),
        (IPV6, "10.0.0.0/24"),
        ({"CidrBlock": "", **IPV6}, "2600:db8::/64"),
        ({"CidrBlock": None}, "::/128"),
    ],
)
def test_an_answer_becomes_a_spec(ranges: dict[str, Any], cidr: str):
    assert from_aws("a", ANSWER | ranges) == Subnet(
        name="a", tags={"team": "shop"}, vpc="vpc-1", cidr=cidr, zone="us-east-1a", public_addresses=True
    )


def test_a_new_subnet_is_made_and_given_public_addresses_as_soon_as_it_is_known():
    create, modify = KIND.ensure(subnet(), None)
    assert create.operation == "create_subnet"
    assert create.retry == if_new(VPC_NOT_FOUND, create.params["VpcId"])
    assert modify.retry == if_new(NOT_FOUND, subnet().ref())
    assert modify.params == {"SubnetId": subnet().ref(), "MapPublicIpOnLaunch": {"Value": True}}


def test_made_then_nothing_to_do_then_gone():
    assert settle(PLATFORM) == [f"create subnet.{A}", "create vpc.vpc-dev"]
    assert settle([], file=PLATFORM) == [f"delete subnet.{A}", "delete vpc.vpc-dev"]


def test_public_addresses_changed_by_hand_are_put_right():
    settle(PLATFORM)
    client("ec2").modify_subnet_attribute(SubnetId=id_of("subnet"), MapPublicIpOnLaunch={"Value": False})
    assert differences(see(PLATFORM)) == {f"subnet.{A}": ["public_addresses"]}
    settle(PLATFORM)


def test_a_tag_changed_by_hand_is_put_right():
    mine = [vpc(), subnet().model_copy(update={"tags": {**subnet().tags, "team": "shop"}})]
    settle(mine)
    client("ec2").delete_tags(Resources=[id_of("subnet")], Tags=[{"Key": "team"}])
    assert settle(mine) == [f"update subnet.{A}"]


def test_overlapping_ranges_of_one_vpc_cannot_stand_side_by_side():
    assert clashes(subnet(), subnet(cidr="10.0.0.0/20"))
    assert not clashes(subnet(), subnet(cidr="10.0.1.0/24"))


def test_the_same_range_in_our_vpc_without_our_tags_stops_the_plan():
    settle(PLATFORM)
    client("ec2").delete_tags(Resources=[id_of("subnet")], Tags=[{"Key": STACK}])
    (conflict,) = see(PLATFORM).conflicts
    assert str(conflict.address) == f"subnet.{A}"
    assert "create-tags" in conflict.remedy
