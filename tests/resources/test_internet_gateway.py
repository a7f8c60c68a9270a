import pytest
from network import GATEWAY, gateway, vpc
from support import calls, client, differences, look, see, settle

from reconciler.model.references import Ref
from reconciler.model.spec import Live
from reconciler.model.tags import NAME, STACK
from reconciler.resources.internet_gateway import KIND, InternetGateway, find_attached_vpc, from_aws

pytestmark = pytest.mark.usefixtures("aws")
PLATFORM = [vpc(), gateway()]


def id_of(kind: str) -> str:
    return next(live.outputs["id"] for live in look(PLATFORM) if live.spec.kind == kind)


def detach() -> None:
    client("ec2").detach_internet_gateway(InternetGatewayId=id_of("internet_gateway"), VpcId=id_of("vpc"))


@pytest.mark.parametrize(
    ("attachments", "at"),
    [
        ([], None),
        ([{"VpcId": "vpc-1", "State": "available"}], "vpc-1"),
        ([{"VpcId": "vpc-1", "State": "attaching"}], "vpc-1"),
        ([{"VpcId": "vpc-1", "State": "detaching"}], None),
    ],
)
def test_it_is_where_its_attachment_is_in_force(attachments: list[dict[str, str]], at: str | None):
    assert find_attached_vpc({"Attachments": attachments}) == at


def test_an_answer_becomes_a_spec():
    answer = {
        "InternetGatewayId": "igw-1",
        "Attachments": [{"VpcId": "vpc-1", "State": "available"}],
        "Tags": [{"Key": "team", "Value": "shop"}],
    }
    assert from_aws("igw", answer) == InternetGateway(name="igw", tags={"team": "shop"}, vpc="vpc-1")


def test_a_new_gateway_is_made_and_attached():
    assert [operation for operation, _ in calls(KIND.ensure(gateway(), None))] == [
        "create_internet_gateway",
        "attach_internet_gateway",
    ]


def test_a_gateway_moves_to_another_vpc():
    elsewhere = Live(InternetGateway(name=GATEWAY, vpc="vpc-old", tags=gateway().tags), {"id": "igw-1"})
    at = Ref("vpc", "vpc-old", by_id=True)
    assert calls(KIND.ensure(gateway(), elsewhere)) == [
        ("detach_internet_gateway", {"InternetGatewayId": gateway().ref(), "VpcId": at}),
        ("attach_internet_gateway", {"InternetGatewayId": gateway().ref(), "VpcId": vpc().ref()}),
    ]


def test_made_then_nothing_to_do_then_gone():
    assert settle(PLATFORM) == [f"create internet_gateway.{GATEWAY}", "create vpc.vpc-dev"]
    settle([], file=PLATFORM)
    assert look(PLATFORM) == []


def test_one_that_was_detached_by_hand_is_attached_again():
    settle(PLATFORM)
    detach()
    assert differences(see(PLATFORM)) == {f"internet_gateway.{GATEWAY}": ["vpc"]}
    settle(PLATFORM)


def test_one_that_an_aborted_destroy_left_detached_is_deleted():
    settle(PLATFORM)
    detach()
    assert f"delete internet_gateway.{GATEWAY}" in settle([], file=PLATFORM)


def test_a_tag_changed_by_hand_is_put_right():
    mine = [vpc(), gateway().model_copy(update={"tags": {**gateway().tags, "team": "shop"}})]
    settle(mine)
    client("ec2").delete_tags(Resources=[id_of("internet_gateway")], Tags=[{"Key": "team"}])
    assert settle(mine) == [f"update internet_gateway.{GATEWAY}"]


@pytest.mark.parametrize("lost", [STACK, NAME])
def test_one_without_our_tags_in_our_vpc_is_a_conflict(lost: str):
    settle(PLATFORM)
    client("ec2").delete_tags(Resources=[id_of("internet_gateway")], Tags=[{"Key": lost}])
    (conflict,) = see(PLATFORM).conflicts
    assert str(conflict.address) == f"internet_gateway.{GATEWAY}"


def test_gateways_of_other_networks_are_not_read():
    client("ec2").create_internet_gateway()
    assert look(PLATFORM) == []
