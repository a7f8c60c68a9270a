from typing import Any

import pytest
from balancing import LISTENER, RULE, balancer, group, id_of, listener, rule, zones
from support import OTHERS, calls, client, differences, look, see, settle

from reconciler.model.references import Ref
from reconciler.model.spec import Live
from reconciler.model.tags import NAME, STACK
from reconciler.resources.listener_rule import KIND, ListenerRule, from_aws
from reconciler.resources.listener_rule.conditions import find_target, from_conditions
from reconciler.resources.listener_rule.priorities import find_priority_moves

pytestmark = pytest.mark.usefixtures("aws")
A, B = "arn:group/a", "arn:group/b"
PLAIN = {
    "TargetGroups": [{"TargetGroupArn": A, "Weight": 1}],
    "TargetGroupStickinessConfig": {"Enabled": False},
}


@pytest.fixture
def front() -> list[Any]:
    """Make a listener and a target group, without rules."""
    mine = [*zones(), balancer(), group(), listener()]
    settle(mine)
    return mine


def at(**priorities: int) -> list[Any]:
    return [rule(name, priority=p, paths=frozenset({f"/{name}"})) for name, p in priorities.items()]


def order() -> list[str]:
    """Return the first path of each of the listener's rules, in the order in which they are tried."""
    found = client("elbv2").describe_rules(ListenerArn=id_of(listener()))["Rules"]
    return [r["Conditions"][0]["Values"][0] for r in found if not r["IsDefault"]]


def test_an_answer_becomes_a_spec():
    answer = {
        "RuleArn": "arn:rule",
        "Priority": "7",
        "Conditions": [{"Field": "path-pattern", "Values": ["/a"]}],
        "Actions": [{"Type": "forward", "TargetGroupArn": A}],
    }
    assert from_aws("api", {"a": "b"}, "arn:listener", answer) == ListenerRule(
        name="api",
        tags={"a": "b"},
        listener="arn:listener",
        priority=7,
        paths=frozenset({"/a"}),
        target_group=A,
        forwards_to=frozenset({A}),
    )


@pytest.mark.parametrize(
    ("answered", "paths"),
    [
        ({"Field": "path-pattern", "Values": ["/a", "/b"]}, {"/a", "/b"}),
        ({"Field": "path-pattern", "PathPatternConfig": {"Values": ["/a"]}}, {"/a"}),
        ({"Field": "path-pattern", "Values": ["/a"], "PathPatternConfig": {"Values": ["/a"]}}, {"/a"}),
    ],
)
def test_conditions_have_one_form(answered: dict[str, Any], paths: set[str]):
    found = from_conditions([answered, {"Field": "host-header", "HostHeaderConfig": {"Values": ["x.example"]}}])
    assert found == {"paths": paths, "hosts": {"x.example"}, "other_conditions": set()}


def test_conditions_of_other_kinds_are_kept_as_they_are():
    sources = {"Field": "source-ip", "Values": [], "SourceIpConfig": {"Values": ["10.0.0.0/8"]}}
    assert from_conditions([sources])["other_conditions"] == {
        '{"Field": "source-ip", "SourceIpConfig": {"Values": ["10.0.0.0/8"]}}'
    }


@pytest.mark.parametrize(
    ("actions", "target"),
    [
        ([{"Type": "forward", "TargetGroupArn": A}], A),
        ([{"Type": "forward", "Order": 1, "ForwardConfig": PLAIN}], A),
        ([{"Type": "forward", "Order": 1, "TargetGroupArn": A, "ForwardConfig": PLAIN}], A),
        ([{"Type": "fixed-response"}], "fixed-response"),
        ([{"Type": "authenticate-oidc"}, {"Type": "forward"}], "authenticate-oidc, forward"),
        (
            [
                {
                    "Type": "forward",
                    "ForwardConfig": {
                        "TargetGroups": [
                            {"TargetGroupArn": A, "Weight": 9},
                            {"TargetGroupArn": B, "Weight": 1},
                        ]
                    },
                }
            ],
            f"forward to {A} 9, {B} 1",
        ),
        (
            [{"Type": "forward", "ForwardConfig": PLAIN | {"TargetGroupStickinessConfig": {"Enabled": True}}}],
            f"forward to {A} 1, sticky",
        ),
    ],
)
def test_only_a_plain_forward_has_a_target(actions: list[dict[str, Any]], target: str):
    assert find_target(actions) == target


@pytest.mark.parametrize(
    ("now", "then", "expected"),
    [
        ({"a": 1}, {"a": 1}, {}),
        ({"a": 1}, {"a": 5}, {"a": 5}),
        ({"a": 1, "b": 2}, {"a": 2, "b": 1}, {"a": 2, "b": 1}),
        ({"a": 1, "b": 2, "c": 3}, {"a": 2, "b": 3, "c": 4}, {"a": 2, "b": 3, "c": 4}),
        ({"a": 1, "b": 2, "c": 3}, {"a": 5, "b": 3, "c": 2}, {"a": 5}),
        ({"a": 1, "foreign": 2}, {"a": 2}, {"a": 2}),
    ],
)
def test_what_has_to_make_room_moves_in_the_same_call(
    now: dict[str, int], then: dict[str, int], expected: dict[str, int]
):
    here = {("listener", p): rule for rule, p in now.items()}
    there = {rule: ("listener", p) for rule, p in then.items()}
    assert find_priority_moves("a", here, there) == expected


def test_priorities_of_two_listeners_have_nothing_to_do_with_each_other():
    here = {("one", 1): "a", ("other", 2): "b"}
    assert find_priority_moves("a", here, {"a": ("one", 2), "b": ("other", 1)}) == {"a": 2}


def test_a_new_one_has_all_its_fields_in_the_call_that_makes_it():
    want = rule(hosts=frozenset({"shop.example"}))
    assert calls(KIND.ensure(want, None)) == [
        (
            "create_rule",
            {
                "ListenerArn": Ref("listener", LISTENER),
                "Priority": 1,
                "Tags": [{"Key": k, "Value": v} for k, v in sorted(want.tags.items())],
                "Conditions": [
                    {"Field": "path-pattern", "PathPatternConfig": {"Values": ["/", "/api/*"]}},
                    {"Field": "host-header", "HostHeaderConfig": {"Values": ["shop.example"]}},
                ],
                "Actions": [{"Type": "forward", "TargetGroupArn": Ref("target_group", "tg-api-dev")}],
            },
        )
    ]


def test_only_what_differs_is_sent():
    live = Live(rule(target_group="arn:old"), {"id": "arn"})
    ((operation, params),) = calls(KIND.ensure(rule(), live))
    assert (operation, params.keys()) == ("modify_rule", {"RuleArn", "Actions"})


def test_made_then_nothing_to_do_then_gone(front: list[Any]):
    settle([*front, rule()])
    settle([], file=[*front, rule()])
    assert look([*front, rule()]) == []


def _modify(**params: object) -> None:
    client("elbv2").modify_rule(RuleArn=id_of(rule()), **params)


def _only_for(field: str, config: str, *values: str) -> None:
    api = {"Field": "path-pattern", "PathPatternConfig": {"Values": ["/", "/api/*"]}}
    _modify(Conditions=[api, {"Field": field, config: {"Values": list(values)}}])


def _forward_elsewhere() -> None:
    vpc = id_of(zones()[0])
    made = client("elbv2").create_target_group(Name="x", VpcId=vpc, Port=80, Protocol="HTTP")
    _modify(Actions=[{"Type": "forward", "TargetGroupArn": made["TargetGroups"][0]["TargetGroupArn"]}])


def _later() -> None:
    client("elbv2").set_rule_priorities(RulePriorities=[{"RuleArn": id_of(rule()), "Priority": 7}])


def _without_a_name() -> None:
    client("elbv2").remove_tags(ResourceArns=[id_of(rule())], TagKeys=[NAME])


@pytest.mark.parametrize(
    ("by_hand", "field"),
    [
        (lambda: _modify(Conditions=[{"Field": "path-pattern", "Values": ["/x"]}]), "paths"),
        (lambda: _only_for("host-header", "HostHeaderConfig", "x.example"), "hosts"),
        (lambda: _only_for("source-ip", "SourceIpConfig", "10.0.0.0/8"), "other_conditions"),
        (_forward_elsewhere, "target_group"),
        (_later, "priority"),
        (_without_a_name, "tags"),
    ],
)
def test_what_was_changed_by_hand_is_put_right(front: list[Any], by_hand: Any, field: str):
    settle([*front, rule()])
    by_hand()
    assert differences(see([*front, rule()])) == {f"listener_rule.{RULE}": [field]}
    assert settle([*front, rule()]) == [f"update listener_rule.{RULE}"]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ({"a": 1, "b": 2}, {"a": 2, "b": 1}),
        ({"a": 1, "b": 2, "c": 3}, {"a": 2, "b": 3, "c": 1}),
        ({"a": 1, "b": 2}, {"a": 2, "b": 3, "new": 1}),
        ({"a": 1, "gone": 2}, {"a": 2, "new": 1}),
        ({"a": 1, "gone": 2, "b": 3}, {"b": 2, "a": 3}),
    ],
)
def test_priorities_can_be_exchanged(front: list[Any], before: dict[str, int], after: dict[str, int]):
    settle([*front, *at(**before)])
    settle([*front, *at(**after)])
    assert order() == [f"/{name}" for name in sorted(after, key=lambda name: after[name])]


def test_a_swap_is_one_call_and_leaves_no_moment_without_a_rule(front: list[Any]):
    settle([*front, *at(a=1, b=2)])
    todo = see([*front, *at(a=2, b=1)])
    a, b = (id_of(r) for r in at(a=1, b=2))
    both = [{"RuleArn": a, "Priority": 2}, {"RuleArn": b, "Priority": 1}]
    assert [params["RulePriorities"] for c in todo.changes for _, params in calls(c.steps)] == [
        both,
        both[::-1],
    ]


def test_a_new_name_for_a_priority_is_a_new_tag(front: list[Any]):
    settle([*front, rule()])
    assert settle([*front, rule("alb-dev-http-shop")]) == ["update listener_rule.alb-dev-http-shop"]


def test_an_untagged_one_at_the_priority_is_in_the_way(front: list[Any]):
    settle([*front, rule()])
    client("elbv2").remove_tags(ResourceArns=[id_of(rule())], TagKeys=[STACK, NAME])
    (conflict,) = see([*front, rule()]).conflicts
    assert str(conflict.address) == f"listener_rule.{RULE}"


def test_somebody_elses_at_another_priority_is_reported_and_left(front: list[Any]):
    client("elbv2").create_rule(
        ListenerArn=id_of(listener()),
        Priority=9,
        Conditions=[{"Field": "path-pattern", "Values": ["/theirs"]}],
        Actions=[{"Type": "fixed-response", "FixedResponseConfig": {"StatusCode": "200"}}],
        Tags=[{"Key": STACK, "Value": OTHERS.name}],
    )
    assert settle([*front, rule()]) == [f"create listener_rule.{RULE}"]
    (theirs,) = see([*front, rule()]).foreign
    assert (theirs.owner, theirs.spec.priority) == (OTHERS.name, 9)
