from typing import Any

import pytest
from network import vpc
from support import calls, client, differences, look, make, see, settle

from reconciler.model.references import Ref
from reconciler.model.spec import Live
from reconciler.model.steps import Call, Later
from reconciler.plan.declared import only_declared
from reconciler.resources.security_group import ALL_TRAFFIC, Rule, SecurityGroupRules, SecurityGroupWithRules
from reconciler.resources.security_group_rules import KIND, from_aws
from reconciler.resources.security_group_rules.permissions import from_permissions
from reconciler.resources.security_group_rules.spec import NO_DESCRIPTION

pytestmark = pytest.mark.usefixtures("aws")
TASKS, BALANCER = Ref("security_group", "tasks-dev"), Ref("security_group", "alb-dev")
FROM_ANYWHERE = Rule(from_port=80, to_port=80, cidr="0.0.0.0/0")
FROM_BALANCER = Rule(from_port=8080, to_port=8080, group=BALANCER)
FROM_ITSELF = Rule(from_port=0, to_port=65535, group=TASKS)
ADDRESS = "security_group_rules.tasks-dev"


def platform(*ingress: Rule, **fields: Any) -> list[Any]:
    within = Ref("vpc", "vpc-dev")
    to_tasks = frozenset({Rule(from_port=8080, to_port=8080, group=TASKS)})
    ingress = ingress or (FROM_BALANCER, FROM_ITSELF)
    from_anywhere = frozenset({FROM_ANYWHERE})
    return [
        vpc(),
        make(SecurityGroupWithRules, "alb-dev", vpc=within, ingress=from_anywhere, egress=to_tasks),
        make(SecurityGroupWithRules, "tasks-dev", vpc=within, ingress=frozenset(ingress), **fields),
    ]


def wanted(ingress: frozenset[Rule] = frozenset(), egress: frozenset[Rule] = frozenset()) -> SecurityGroupRules:
    return SecurityGroupRules(name="tasks-dev", group=TASKS, ingress=ingress, egress=egress)


def group_id() -> str:
    lives = [x for x in look(platform()) if x.spec.kind == "security_group"]
    return next(x.outputs["id"] for x in lives if x.spec.name == "tasks-dev")


def drift(direction: str, operation: str = "authorize", **permission: Any) -> None:
    by_hand = getattr(client("ec2"), f"{operation}_security_group_{direction}")
    by_hand(GroupId=group_id(), IpPermissions=[{"IpProtocol": "tcp", "FromPort": 1, "ToPort": 2, **permission}])


PORTS = {"IpProtocol": "tcp", "FromPort": 1, "ToPort": 2}


BARE = {"description": NO_DESCRIPTION}


@pytest.mark.parametrize(
    ("permission", "rules"),
    [
        (
            {**PORTS, "IpRanges": [{"CidrIp": "1.0.0.0/8"}, {"CidrIp": "2.0.0.0/8", "Description": "two"}]},
            {
                Rule(from_port=1, to_port=2, cidr="1.0.0.0/8", **BARE),
                Rule(from_port=1, to_port=2, cidr="2.0.0.0/8", description="two"),
            },
        ),
        (
            {"IpProtocol": "-1", "FromPort": 0, "IpRanges": [{"CidrIp": "0.0.0.0/0"}]},
            {ALL_TRAFFIC.model_copy(update=BARE)},
        ),
        ({**PORTS, "Ipv6Ranges": [{"CidrIpv6": "::/0"}]}, {Rule(from_port=1, to_port=2, cidr="::/0", **BARE)}),
        (
            {**PORTS, "PrefixListIds": [{"PrefixListId": "pl-1"}]},
            {Rule(from_port=1, to_port=2, prefix_list="pl-1", **BARE)},
        ),
        (
            {**PORTS, "UserIdGroupPairs": [{"GroupId": "sg-1", "UserId": "111111111111"}]},
            {Rule(from_port=1, to_port=2, group="sg-1", **BARE)},
        ),
        (
            {**PORTS, "UserIdGroupPairs": [{"GroupId": "sg-1", "UserId": "222222222222"}]},
            {Rule(from_port=1, to_port=2, group="sg-1", account="222222222222", **BARE)},
        ),
        (
            {"IpProtocol": "50", "IpRanges": [{"CidrIp": "1.0.0.0/8"}]},
            {Rule(protocol="50", cidr="1.0.0.0/8", **BARE)},
        ),
    ],
)
def test_what_ec2_gathers_is_one_peer_to_a_rule(permission: dict[str, Any], rules: set[Rule]):
    assert from_permissions([permission], "111111111111") == rules


def test_an_answer_becomes_a_spec():
    own = {"IpProtocol": "-1", "UserIdGroupPairs": [{"GroupId": "sg-1", "UserId": "111111111111"}]}
    answer = {"GroupId": "sg-1", "OwnerId": "111111111111", "IpPermissions": [own], "IpPermissionsEgress": []}
    within = frozenset({Rule(protocol="-1", group="sg-1", **BARE)})
    assert from_aws("tasks-dev", answer) == SecurityGroupRules(
        name="tasks-dev", group="sg-1", ingress=within, egress=frozenset()
    )


@pytest.mark.parametrize(
    ("given", "name"), [("6", "tcp"), (17, "udp"), ("1", "icmp"), ("all", "-1"), ("tcp", "tcp")]
)
def test_protocols_have_one_name(given: Any, name: str):
    assert Rule(protocol=given, cidr="1.0.0.0/8").protocol == name


@pytest.mark.parametrize("protocol", ["-1", "all", -1])
def test_all_traffic_has_no_ports(protocol: Any):
    assert Rule(protocol=protocol, from_port=0, to_port=65535, cidr="0.0.0.0/0") == ALL_TRAFFIC


@pytest.mark.parametrize("direction", ["ingress", "egress"])
def test_a_description_that_nobody_declared_is_not_compared(direction: str):
    within = Rule(from_port=1, to_port=1, group=TASKS, description="theirs")
    elsewhere, ours = (
        described_as(FROM_ANYWHERE, "theirs"),
        Rule(protocol="-1", cidr="2.0.0.0/8", description="ours"),
    )
    wanted = {FROM_ANYWHERE, Rule(from_port=1, to_port=1, group=TASKS), described_as(ours, "mine")}
    live = SecurityGroupRules(name="it", group=TASKS, **{direction: {within, elsewhere, ours}})
    desired = SecurityGroupRules(name="it", group=TASKS, **{direction: wanted})
    assert getattr(only_declared(desired, live), direction) == {
        within.without_description,
        elsewhere.without_description,
        ours,
    }


@pytest.mark.parametrize(
    ("rule", "text"),
    [
        (FROM_BALANCER, "tcp 8080 alb-dev"),
        (FROM_ITSELF, "tcp 0-65535 tasks-dev"),
        (ALL_TRAFFIC, "all 0.0.0.0/0"),
        (Rule(from_port=1, to_port=1, prefix_list="pl-1", description="lists"), "tcp 1 pl-1 (lists)"),
        (Rule(protocol="icmp"), "icmp"),
    ],
)
def test_a_rule_is_shown_as_protocol_ports_and_peer(rule: Rule, text: str):
    assert str(rule) == text


def test_two_rules_of_unlike_descriptions_are_two():
    assert len({FROM_ANYWHERE, described_as(FROM_ANYWHERE, "a"), described_as(FROM_ANYWHERE, "b")}) == 3


def described_as(rule: Rule, description: str) -> Rule:
    return rule.model_copy(update={"description": description})


def test_a_description_given_by_hand_is_left_where_the_file_gives_none():
    settle(platform())
    described = client("ec2").update_security_group_rule_descriptions_ingress
    pair = {"GroupId": group_id(), "Description": "theirs"}
    permission = {"IpProtocol": "tcp", "FromPort": 0, "ToPort": 65535, "UserIdGroupPairs": [pair]}
    described(GroupId=group_id(), IpPermissions=[permission])
    assert see(platform()).changes == ()


def test_egress_that_ec2_gives_a_new_group_is_not_authorised_again():
    assert calls(KIND.ensure(wanted(egress=frozenset({ALL_TRAFFIC})), None)) == []


def test_egress_that_is_not_desired_is_revoked_of_a_new_group_as_soon_as_it_appears():
    (revoke,) = KIND.ensure(wanted(), None)
    assert revoke.operation == "revoke_security_group_egress"
    assert "InvalidPermission.NotFound" in revoke.retry
    assert "InvalidPermission.NotFound" not in revoke.ignore


def test_every_rule_is_a_call_of_its_own():
    two = frozenset({FROM_BALANCER, FROM_ITSELF})
    (first, second) = KIND.ensure(wanted(ingress=two, egress=frozenset({ALL_TRAFFIC})), None)
    assert len(first.params["IpPermissions"]) == len(second.params["IpPermissions"]) == 1
    assert first.ignore == ("InvalidPermission.Duplicate",)


def test_every_peer_is_sent_as_it_was_read():
    across = Rule(from_port=1, to_port=2, group=Ref("security_group", "sg-1", by_id=True), account="2")
    odd = frozenset({across, Rule(protocol="-1", prefix_list="pl-1"), Rule(protocol="-1", cidr="::/0")})
    live = Live(wanted(ingress=odd), {"id": "sg-2/rules"}, None)
    sent = [params["IpPermissions"][0] for _, params in calls(KIND.remove(live))]
    pair = {"GroupId": Ref("security_group", "sg-1", by_id=True), "UserId": "2"}
    assert {**PORTS, "UserIdGroupPairs": [pair]} in sent
    assert {"IpProtocol": "-1", "PrefixListIds": [{"PrefixListId": "pl-1"}]} in sent
    assert {"IpProtocol": "-1", "Ipv6Ranges": [{"CidrIpv6": "::/0"}]} in sent


def test_groups_that_name_each_other_are_made_and_taken_away():
    settle(platform())
    settle([], file=platform())
    assert look(platform()) == []


@pytest.mark.parametrize(
    ("direction", "peer"),
    [
        ("ingress", {"IpRanges": [{"CidrIp": "8.8.8.0/24"}]}),
        ("ingress", {"Ipv6Ranges": [{"CidrIpv6": "::/0"}]}),
        ("ingress", {"PrefixListIds": [{"PrefixListId": "pl-12345678"}]}),
        ("egress", {"IpRanges": [{"CidrIp": "8.8.8.0/24"}]}),
    ],
)
def test_a_rule_made_by_hand_is_revoked(direction: str, peer: dict[str, Any]):
    settle(platform())
    drift(direction, **peer)
    assert differences(see(platform())) == {ADDRESS: [direction]}
    settle(platform())


BY_HAND = Rule(from_port=22, to_port=22, cidr="8.8.8.0/24")
OLD_PORT = Rule(from_port=80, to_port=80, cidr="8.8.8.0/24")
NEW_PORT = Rule(from_port=81, to_port=81, cidr="8.8.8.0/24")


@pytest.mark.parametrize(
    ("live", "want", "last"),
    [
        ({BY_HAND}, set(), False),
        ({BY_HAND}, {FROM_ANYWHERE}, False),
        ({FROM_BALANCER}, set(), True),
        ({OLD_PORT}, {NEW_PORT}, True),
        ({FROM_ANYWHERE}, {FROM_ANYWHERE.model_copy(update={"cidr": "10.0.0.0/8"})}, False),
    ],
    ids=["by hand", "by hand, beside another", "a group", "another port", "fewer addresses"],
)
def test_only_a_rule_that_running_tasks_may_need_is_revoked_last(live: Any, want: Any, last: bool):
    there = Live(wanted(ingress=frozenset(live)), {"id": "sg-1/rules"}, None)
    steps = list(KIND.ensure(wanted(ingress=frozenset(want)), there))
    assert [s for s in steps if isinstance(s, Call)][-1].operation == "revoke_security_group_ingress"
    assert [s.what for s in steps if isinstance(s, Later)] == ["revocations"] * last


@pytest.mark.parametrize(
    ("direction", "rule"),
    [
        ("ingress", {"FromPort": 0, "ToPort": 65535}),
        ("egress", {"IpProtocol": "-1", "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}),
    ],
)
def test_a_rule_revoked_by_hand_comes_back(direction: str, rule: dict[str, Any]):
    settle(platform())
    itself = {} if "IpRanges" in rule else {"UserIdGroupPairs": [{"GroupId": group_id()}]}
    drift(direction, "revoke", **rule, **itself)
    assert differences(see(platform())) == {ADDRESS: [direction]}
    settle(platform())


def test_a_description_is_put_right_where_it_is_ours():
    cidr = Rule(from_port=9, to_port=9, cidr="8.8.8.0/24", description="mine")
    settle(platform(cidr, FROM_ITSELF))
    update = client("ec2").update_security_group_rule_descriptions_ingress
    range_ = {"CidrIp": "8.8.8.0/24", "Description": "theirs"}
    update(
        GroupId=group_id(),
        IpPermissions=[{"IpProtocol": "tcp", "FromPort": 9, "ToPort": 9, "IpRanges": [range_]}],
    )
    (change,) = see(platform(cidr, FROM_ITSELF)).changes
    assert [operation for operation, _ in calls(change.steps)] == [
        "update_security_group_rule_descriptions_ingress"
    ]
    settle(platform(cidr, FROM_ITSELF))
