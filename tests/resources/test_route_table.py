from typing import Any

import pytest
from network import GATEWAY, TABLE, TO_GATEWAY, A, B, gateway, network, subnet, table, vpc
from support import calls, client, differences, look, see, settle

from reconciler.model.plan import Op
from reconciler.model.references import Ref
from reconciler.model.spec import Live
from reconciler.model.tags import STACK
from reconciler.plan.declared import only_declared
from reconciler.resources.route_table import KIND, RouteTable, from_aws, parents
from reconciler.resources.route_table.associations import find_associations
from reconciler.resources.route_table.routes import find_routes

pytestmark = pytest.mark.usefixtures("aws")
LOCAL = {
    "DestinationCidrBlock": "10.0.0.0/16",
    "GatewayId": "local",
    "Origin": "CreateRouteTable",
    "State": "active",
}
TO = {"Origin": "CreateRoute", "State": "active", "DestinationCidrBlock": "0.0.0.0/0"}


def ids(kind: str) -> dict[str, str]:
    lives = [live for live in look(network()) if live.spec.kind == kind]
    return {live.spec.name: live.outputs["id"] for live in lives}


def live_table() -> dict[str, Any]:
    found = client("ec2").describe_route_tables(RouteTableIds=[ids("route_table")[TABLE]])
    return found["RouteTables"][0]


def stray_table() -> str:
    return client("ec2").create_route_table(VpcId=ids("vpc")["vpc-dev"])["RouteTable"]["RouteTableId"]


@pytest.mark.parametrize(
    ("route", "ours"),
    [
        (LOCAL, {}),
        ({**TO, "GatewayId": "igw-1"}, {"0.0.0.0/0": "igw-1"}),
        ({**TO, "GatewayId": "igw-1", "State": "blackhole"}, {"0.0.0.0/0": "igw-1 (blackhole)"}),
        ({**TO, "NatGatewayId": "nat-1"}, {"0.0.0.0/0": "nat-1"}),
        (
            {**TO, "InstanceId": "i-1", "InstanceOwnerId": "1", "NetworkInterfaceId": "eni-1"},
            {"0.0.0.0/0": "i-1"},
        ),
        ({**TO, "GatewayId": "vgw-1", "Origin": "EnableVgwRoutePropagation"}, {}),
        ({**TO, "GatewayId": "igw-1", "DestinationCidrBlock": "9.0.0.0/8"}, {"9.0.0.0/8": "igw-1"}),
        ({**TO, "VpcPeeringConnectionId": "pcx-1", "DestinationCidrBlock": "9.0.0.0/8"}, {}),
        ({"DestinationPrefixListId": "pl-1", "GatewayId": "vpce-1", "State": "active"}, {}),
        ({"DestinationIpv6CidrBlock": "::/0", "GatewayId": "igw-1", "State": "active"}, {"::/0": "igw-1"}),
    ],
)
def test_ours_are_the_routes_to_a_gateway_and_to_what_is_declared(route: dict[str, str], ours: dict[str, str]):
    fields = {"name": "rtb", "vpc": Ref("vpc", "vpc-dev")}
    live = RouteTable(**fields, routes=find_routes({"Routes": [route]}))
    found = only_declared(RouteTable(**fields, routes=TO_GATEWAY), live).routes
    assert {to: target.name for to, target in found.items()} == ours


def test_the_main_association_and_those_that_end_are_not_ours():
    main = {"RouteTableAssociationId": "rtbassoc-1", "Main": True}
    ours = {"RouteTableAssociationId": "rtbassoc-2", "SubnetId": "subnet-1", "Main": False}
    ended = {
        "RouteTableAssociationId": "rtbassoc-3",
        "SubnetId": "subnet-2",
        "AssociationState": {"State": "disassociated"},
    }
    assert find_associations({"Associations": [main, ours, ended]}) == {"subnet-1": "rtbassoc-2"}


def test_an_answer_becomes_a_spec():
    answer = {
        "RouteTableId": "rtb-1",
        "VpcId": "vpc-1",
        "Routes": [LOCAL, {**TO, "GatewayId": "igw-1"}],
        "Associations": [{"SubnetId": "subnet-1", "RouteTableAssociationId": "rtbassoc-1", "Main": False}],
        "Tags": [{"Key": "team", "Value": "shop"}],
    }
    assert from_aws("rtb", answer, {"subnet-2": "rtbassoc-2"}) == RouteTable(
        name="rtb",
        tags={"team": "shop"},
        vpc="vpc-1",
        routes={"0.0.0.0/0": "igw-1"},
        subnets=frozenset({"subnet-1"}),
        associations={"subnet-1": "rtbassoc-1", "subnet-2": "rtbassoc-2"},
    )


def test_aws_made_the_main_table_with_the_vpc():
    answer = {"RouteTableId": "rtb-1", "VpcId": "vpc-1", "Routes": [], "Associations": [{"Main": True}]}
    main = from_aws("rtb", answer, {})
    assert main.main
    assert parents(main) == ()


def test_a_new_table_has_its_routes_before_a_subnet_uses_it():
    operations = [operation for operation, _ in calls(KIND.ensure(table(), None))]
    assert operations == ["create_route_table", "create_route", "associate_route_table"]


def test_each_kind_of_destination_is_named_in_its_own_way():
    routes = dict.fromkeys(("9.0.0.0/8", "::/0", "pl-1"), "igw-1")
    live = Live(RouteTable(name=TABLE, vpc="vpc-1", tags=table().tags, routes=routes), {"id": "rtb-1"})
    gone = [params for operation, params in calls(KIND.ensure(table(), live)) if operation == "delete_route"]
    own = {"RouteTableId": table().ref()}
    assert gone == [
        {**own, "DestinationCidrBlock": "9.0.0.0/8"},
        {**own, "DestinationIpv6CidrBlock": "::/0"},
        {**own, "DestinationPrefixListId": "pl-1"},
    ]


def test_made_then_nothing_to_do_then_gone():
    assert f"create route_table.{TABLE}" in settle(network())
    settle([], file=network())
    assert look(network()) == []


def test_a_route_taken_away_by_hand_comes_back():
    settle(network())
    client("ec2").delete_route(RouteTableId=ids("route_table")[TABLE], DestinationCidrBlock="0.0.0.0/0")
    assert differences(see(network())) == {f"route_table.{TABLE}": ["routes"]}
    settle(network())


def test_a_hand_made_route_to_a_gateway_goes_and_one_to_a_peering_stays():
    settle(network())
    ec2, own, at = client("ec2"), ids("route_table")[TABLE], ids("internet_gateway")[GATEWAY]
    other = ec2.create_vpc(CidrBlock="9.9.0.0/16")["Vpc"]["VpcId"]
    peering = ec2.create_vpc_peering_connection(VpcId=ids("vpc")["vpc-dev"], PeerVpcId=other)
    pcx = peering["VpcPeeringConnection"]["VpcPeeringConnectionId"]
    ec2.create_route(RouteTableId=own, DestinationCidrBlock="8.8.0.0/16", GatewayId=at)
    ec2.create_route(RouteTableId=own, DestinationCidrBlock="9.9.0.0/16", VpcPeeringConnectionId=pcx)
    assert settle(network()) == [f"update route_table.{TABLE}"]
    kept = {r["DestinationCidrBlock"] for r in live_table()["Routes"]}
    assert kept == {"10.0.0.0/16", "0.0.0.0/0", "9.9.0.0/16"}


def test_a_declared_destination_with_another_target_is_replaced():
    settle(network())
    ec2, own = client("ec2"), ids("route_table")[TABLE]
    eni = ec2.create_network_interface(SubnetId=ids("subnet")[A])["NetworkInterface"]["NetworkInterfaceId"]
    ec2.replace_route(RouteTableId=own, DestinationCidrBlock="0.0.0.0/0", NetworkInterfaceId=eni)
    (change,) = see(network()).changes
    assert [operation for operation, _ in calls(change.steps)] == ["replace_route"]
    settle(network())


def test_a_blackhole_is_replaced():
    settle(network())
    ec2 = client("ec2")
    at, own_vpc = ids("internet_gateway")[GATEWAY], ids("vpc")["vpc-dev"]
    ec2.detach_internet_gateway(InternetGatewayId=at, VpcId=own_vpc)
    assert differences(see(network())) == {
        f"internet_gateway.{GATEWAY}": ["vpc"],
        f"route_table.{TABLE}": ["routes"],
    }
    settle(network())


def test_a_subnet_taken_off_by_hand_is_associated_again():
    settle(network())
    (association,) = find_associations(live_table()).values()
    client("ec2").disassociate_route_table(AssociationId=association)
    assert differences(see(network())) == {f"route_table.{TABLE}": ["subnets"]}
    settle(network())


def test_a_subnet_given_to_another_table_by_hand_is_taken_back():
    settle(network())
    (association,) = find_associations(live_table()).values()
    client("ec2").replace_route_table_association(AssociationId=association, RouteTableId=stray_table())
    (change,) = see(network()).changes
    assert [operation for operation, _ in calls(change.steps)] == ["replace_route_table_association"]
    settle(network())


def test_a_subnet_added_by_hand_is_let_go():
    settle(network())
    client("ec2").associate_route_table(RouteTableId=ids("route_table")[TABLE], SubnetId=ids("subnet")[B])
    assert differences(see(network())) == {f"route_table.{TABLE}": ["subnets"]}
    settle(network())


def test_a_subnet_moves_from_one_of_our_tables_to_a_new_one():
    base = [vpc(), gateway(), subnet(), subnet(B, "10.0.1.0/24")]
    settle([*base, table(TABLE, A, B)])
    assert settle([*base, table(TABLE, A), table("rtb-b-dev", B)]) == [
        "create route_table.rtb-b-dev",
        f"update route_table.{TABLE}",
    ]


def test_a_table_under_a_new_name_takes_the_subnet_of_the_one_that_goes():
    settle(network())
    done = settle([*network()[:-1], table("rtb-new-dev", A)])
    assert [words.partition("#")[0] for words in done] == [
        "create route_table.rtb-new-dev",
        f"delete route_table.{TABLE}",
    ]


def test_a_duplicate_that_has_the_subnet_gives_it_up_to_the_one_that_is_kept():
    settle(network())
    ec2, having, made = client("ec2"), live_table(), []
    like = [{"ResourceType": "route-table", "Tags": having["Tags"]}]
    while not made or made[-1] > having["RouteTableId"]:  # the lowest id is kept
        new = ec2.create_route_table(VpcId=having["VpcId"], TagSpecifications=like)
        made.append(new["RouteTable"]["RouteTableId"])
    for spare in made[:-1]:
        ec2.delete_route_table(RouteTableId=spare)
    change = next(c for c in see(network()).changes if c.op is Op.UPDATE)
    assert [operation for operation, _ in calls(change.steps)] == [
        "create_route",
        "replace_route_table_association",
    ]
    settle(network())
    assert ids("route_table")[TABLE] == made[-1]


def test_a_tag_changed_by_hand_is_put_right():
    mine = [*network()[:-1], table().model_copy(update={"tags": {**table().tags, "team": "shop"}})]
    settle(mine)
    client("ec2").delete_tags(Resources=[ids("route_table")[TABLE]], Tags=[{"Key": "team"}])
    assert settle(mine) == [f"update route_table.{TABLE}"]


def test_a_table_without_our_tags_that_our_subnet_uses_is_a_conflict():
    settle(network())
    client("ec2").delete_tags(Resources=[ids("route_table")[TABLE]], Tags=[{"Key": STACK}])
    (conflict,) = see(network()).conflicts
    assert str(conflict.address) == f"route_table.{TABLE}"


def test_tables_that_no_subnet_of_ours_uses_are_not_read():
    settle(network())
    stray_table()
    assert ids("route_table").keys() == {TABLE}


def test_removal_lets_go_of_the_subnets_first():
    settle(network())
    (live,) = [live for live in look(network()) if live.spec.kind == "route_table"]
    assert [operation for operation, _ in calls(KIND.remove(live))] == [
        "disassociate_route_table",
        "delete_route_table",
    ]
    assert Ref("subnet", ids("subnet")[A], by_id=True) in live.spec.subnets
