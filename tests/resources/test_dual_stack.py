"""IPv6 of VPCs and subnets: given at once or later, taken in the order that AWS asks for."""

from typing import Any

import pytest
from network import A, B, subnet, vpc
from support import OURS, calls, client, connection, differences, look, make, see, settle

from reconciler.aws.jmes import search
from reconciler.aws.reads import open_reads
from reconciler.model.references import Ref, Text
from reconciler.model.spec import Live, Spec
from reconciler.resources import subnet as subnets
from reconciler.resources.egress_only_internet_gateway import EgressOnlyInternetGateway
from reconciler.resources.subnet_ipv6 import find_block, find_number
from reconciler.resources.vpc import KIND as VPC
from reconciler.resources.vpc import interrupts
from reconciler.resources.vpc_ipv6 import find_associations, find_prefix

pytestmark = pytest.mark.usefixtures("aws")
OFF: list[Spec] = [vpc(), subnet(), subnet(B, "10.0.1.0/24")]
ON: list[Spec] = [
    vpc(ipv6=True),
    make(EgressOnlyInternetGateway, "eigw-dev", vpc=Ref("vpc", "vpc-dev")),
    subnet(ipv6="00", ipv6_addresses=True),
    subnet(B, "10.0.1.0/24", ipv6="81", ipv6_addresses=True),
]


def block(state: str, cidr: str = "2600:1f18:1234:ab00::/56", own_id: str = "a-1") -> dict[str, Any]:
    return {"AssociationId": own_id, "Ipv6CidrBlock": cidr, "Ipv6CidrBlockState": {"State": state}}


def blocks_of(*blocks: dict[str, Any]) -> dict[str, Any]:
    return {"Ipv6CidrBlockAssociationSet": [*blocks]}


def found(kind: str) -> dict[str, Live[Any]]:
    return {live.spec.name: live for live in look(ON) if live.spec.kind == kind}


@pytest.mark.parametrize(
    ("cidr", "begins"),
    [
        ("2600:1f18:1234:ab00::/56", "2600:1f18:1234:ab"),
        ("2600:1f18::/56", "2600:1f18:0000:00"),
        ("2600:1f18:0:500::/56", "2600:1f18:0000:05"),
    ],
)
def test_two_digits_complete_a_slash_64_of_a_block(cidr: str, begins: str):
    assert search("slash_64s(@)", cidr) == begins
    whole = Text(f"{{}}{'81'}::/64", (Ref("vpc", "x"),)).fill(lambda _ref: begins)
    assert find_number({"Ipv6CidrBlock": whole}) == "81"


def test_of_the_blocks_of_a_vpc_only_the_one_in_force_counts():
    gone, there = block("disassociated", "2600:1::/56"), block("associated", own_id="a-2")
    assert find_prefix(blocks_of(gone, there)) == "2600:1f18:1234:ab"
    assert find_associations(blocks_of(gone, there)) == ("a-2",)
    assert (find_prefix(blocks_of(gone)), find_associations(blocks_of(gone))) == (None, ())
    assert find_prefix({}) is None


def test_a_block_under_way_is_waited_for_and_asked_for_no_second_time():
    on_its_way = blocks_of(block("associating", ""))
    assert (find_prefix(on_its_way), find_associations(on_its_way)) == (None, ("a-1",))
    live = Live(vpc(ipv6_associations=("a-1",)), {"id": "vpc-1"})
    (wait,) = VPC.ensure(vpc(ipv6=True), live)
    assert wait.until == "vpc_ipv6_associated"


def test_of_two_blocks_always_the_same_one_is_used_and_both_are_given_up():
    blocks = block("associated", "2600:2::/56", "a-2"), block("associated", "2600:1::/56", "a-1")
    assert find_prefix(blocks_of(*blocks)) == find_prefix(blocks_of(*reversed(blocks))) == "2600:0001:0000:00"
    live = Live(vpc(ipv6=True, ipv6_associations=find_associations(blocks_of(*blocks))), {"id": "vpc-1"})
    assert calls(VPC.ensure(vpc(), live)) == [
        ("disassociate_vpc_cidr_block", {"AssociationId": own_id}) for own_id in ("a-1", "a-2")
    ]


def test_of_the_ranges_of_a_subnet_only_the_one_in_force_counts():
    ranges = blocks_of(block("disassociated", "2600:1::/64"), block("associated", "2600:1f18:1234:ab81::/64"))
    assert find_number(find_block(ranges)) == "81"
    assert find_number(find_block(blocks_of(block("disassociated")))) == ""


def test_made_with_it_then_nothing_to_do_then_gone():
    settle(ON)
    (prefix,) = [live.outputs["ipv6_prefix"] for live in found("vpc").values()]
    described = client("ec2").describe_subnets(SubnetIds=[found("subnet")[B].outputs["id"]])["Subnets"][0]
    (given,) = described["Ipv6CidrBlockAssociationSet"]
    assert given["Ipv6CidrBlock"] == f"{prefix}81::/64"
    assert described["AssignIpv6AddressOnCreation"]
    settle([], file=ON)
    assert look(ON) == []


def test_what_runs_gets_it_in_place_and_gives_it_up_and_gets_another_block():
    settle(OFF)
    ids, prefixes = {name: live.outputs["id"] for name, live in found("subnet").items()}, set()
    for wanted in (ON, OFF, ON):
        assert {entry.partition(" ")[0] for entry in settle(wanted)} <= {"update", "create", "delete"}
        assert {name: live.outputs["id"] for name, live in found("subnet").items()} == ids
        prefixes |= {live.outputs.get("ipv6_prefix") for live in found("vpc").values()}
    assert len(prefixes) == 3  # one, none, another one


def test_the_vpc_gives_up_its_block_last_and_the_plan_says_that_it_is_lost():
    settle(ON)
    (change,) = [change for change in see(OFF).changes if change.address.kind == "vpc"]
    assert change.later is not None
    assert change.later.last
    assert change.interrupts == interrupts(vpc(), vpc(ipv6=True)) != ""
    assert not any(
        change.interrupts for change in see([vpc(), *ON[1:]]).changes if change.address.kind != "vpc"
    )


def test_turned_on_the_plan_says_that_running_tasks_get_no_address():
    settle(OFF)
    (words,) = [warning.why for warning in see(ON).warnings]
    assert "tasks that run already have no IPv6 address" in words


def test_a_subnet_gives_no_new_addresses_before_it_gives_up_its_range():
    live = Live(subnet(ipv6="00", ipv6_addresses=True, ipv6_association="s-1"), {"id": "subnet-1"})
    assert calls(subnets.KIND.ensure(subnet(), live)) == [
        (
            "modify_subnet_attribute",
            {"SubnetId": subnet().ref(), "AssignIpv6AddressOnCreation": {"Value": False}},
        ),
        ("disassociate_subnet_cidr_block", {"AssociationId": "s-1"}),
    ]


def test_another_range_is_given_after_the_one_that_is_there():
    live = Live(subnet(ipv6="07", ipv6_addresses=True, ipv6_association="s-1"), {"id": "subnet-1"})
    assert [name for name, _ in calls(subnets.KIND.ensure(subnet(ipv6="00", ipv6_addresses=True), live))] == [
        "modify_subnet_attribute",
        "disassociate_subnet_cidr_block",
        "associate_subnet_cidr_block",
        "modify_subnet_attribute",
    ]


def test_what_was_changed_by_hand_is_put_right():
    settle(ON)
    ec2, lives = client("ec2"), found("subnet")
    for name in (A, B):
        off = {"SubnetId": lives[name].outputs["id"], "AssignIpv6AddressOnCreation": {"Value": False}}
        ec2.modify_subnet_attribute(**off)
    ec2.disassociate_subnet_cidr_block(AssociationId=lives[B].spec.ipv6_association)
    assert differences(see(ON)) == {
        f"subnet.{A}": ["ipv6_addresses"],
        f"subnet.{B}": ["ipv6", "ipv6_addresses"],
    }
    settle(ON)


def test_a_range_in_use_is_a_conflict_that_says_what_to_do():
    settle(ON)
    own_id = found("subnet")[A].outputs["id"]
    made = client("ec2").create_network_interface(SubnetId=own_id, Ipv6AddressCount=1)["NetworkInterface"]
    (conflict,) = conflicts(OFF)
    assert str(conflict.address) == f"subnet.{A}"
    assert made["NetworkInterfaceId"] in conflict.why
    assert "desired_count: 0" in conflict.remedy
    assert conflicts(ON) == []
    client("ec2").delete_network_interface(NetworkInterfaceId=made["NetworkInterfaceId"])
    settle(OFF)


def conflicts(specs: list[Spec]) -> list[Any]:
    with open_reads(connection(), OURS, specs) as reads:
        return list(subnets.KIND.check(reads))


def test_two_subnets_cannot_have_one_range_side_by_side():
    there = subnet(ipv6="00")
    assert subnets.clashes(there, subnet(cidr="10.0.9.0/24", ipv6="00"))
    assert not subnets.clashes(there, subnet(cidr="10.0.9.0/24", ipv6="01"))
    assert not subnets.clashes(subnet(), subnet(cidr="10.0.9.0/24"))
    why, _ = subnets.place_taken(subnet(cidr="10.0.9.0/24", ipv6="00"), Live(there, {"id": "subnet-9"}), ())
    assert why == "IPv6 /64 00 is taken by subnet subnet-9 in us-east-1a"
