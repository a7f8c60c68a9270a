import pytest
from network import vpc
from support import client, look, make, see, settle

from reconciler.model.references import Ref
from reconciler.model.spec import Spec
from reconciler.model.tags import STACK
from reconciler.resources.egress_only_internet_gateway import EgressOnlyInternetGateway, from_aws

pytestmark = pytest.mark.usefixtures("aws")
NAME = "eigw-dev"


def gateway() -> EgressOnlyInternetGateway:
    return make(EgressOnlyInternetGateway, NAME, vpc=Ref("vpc", "vpc-dev"))


PLATFORM: list[Spec] = [vpc(ipv6=True), gateway()]


def own_id() -> str:
    (live,) = [live for live in look(PLATFORM) if live.spec.kind == "egress_only_internet_gateway"]
    return live.outputs["id"]


def test_an_answer_becomes_a_spec():
    answer = {
        "EgressOnlyInternetGatewayId": "eigw-1",
        "Attachments": [{"VpcId": "vpc-1", "State": "attached"}],
        "Tags": [{"Key": "team", "Value": "shop"}],
    }
    wanted = EgressOnlyInternetGateway(name="eigw", tags={"team": "shop"}, vpc="vpc-1")
    assert from_aws("eigw", answer) == wanted


def test_made_then_nothing_to_do_then_gone():
    assert settle(PLATFORM) == [f"create egress_only_internet_gateway.{NAME}", "create vpc.vpc-dev"]
    settle([], file=PLATFORM)
    assert look(PLATFORM) == []


def test_a_tag_changed_by_hand_is_put_right():
    mine = [vpc(ipv6=True), gateway().model_copy(update={"tags": {**gateway().tags, "team": "shop"}})]
    settle(mine)
    client("ec2").delete_tags(Resources=[own_id()], Tags=[{"Key": "team"}])
    assert settle(mine) == [f"update egress_only_internet_gateway.{NAME}"]


def test_one_that_was_deleted_by_hand_is_made_again():
    settle(PLATFORM)
    client("ec2").delete_egress_only_internet_gateway(EgressOnlyInternetGatewayId=own_id())
    assert settle(PLATFORM) == [f"create egress_only_internet_gateway.{NAME}"]


def test_one_without_our_tags_in_our_vpc_is_a_conflict_and_no_second_one_is_made():
    settle(PLATFORM)
    client("ec2").delete_tags(Resources=[own_id()], Tags=[{"Key": STACK}])
    assert [str(conflict.address) for conflict in see(PLATFORM).conflicts] == [
        f"egress_only_internet_gateway.{NAME}"
    ]


def test_gateways_of_other_networks_are_not_read():
    theirs = client("ec2").create_vpc(CidrBlock="10.9.0.0/16")["Vpc"]["VpcId"]
    client("ec2").create_egress_only_internet_gateway(VpcId=theirs)
    assert look(PLATFORM) == []
