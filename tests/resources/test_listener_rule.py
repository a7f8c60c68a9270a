from typing import Any

import pytest
from balancing import LISTENER, RULE, balancer, group, id_of, listener, rule, zones
from support import OTHERS, calls, client, differences, look, see, settle

from reconciler.model.references import Address, Ref
from reconciler.model.spec import Live
from reconciler.model.steps import Later, split_parts
from reconciler.model.tags import NAME, STACK
from reconciler.plan.matching import diff
from reconciler.resources.elb_forward import find_target, find_weights, forward, join
from reconciler.resources.listener import FixedResponse, Redirect
from reconciler.resources.listener_rule import KIND, ListenerRule, from_aws
from reconciler.resources.listener_rule.conditions import CONDITIONS, from_conditions, to_conditions
from reconciler.resources.listener_rule.naming import FoundRule, name_rules
from reconciler.resources.listener_rule.priorities import find_priority_moves

pytestmark = pytest.mark.usefixtures("aws")
A, B = "arn:group/a", "arn:group/b"
PLAIN = {
    "TargetGroups": [{"TargetGroupArn": A, "Weight": 1}],
    "TargetGroupStickinessConfig": {"Enabled": False},
}


def weighted(weights: dict[Any, int]) -> dict[str, Any]:
    groups = [{"TargetGroupArn": group, "Weight": weight} for group, weight in weights.items()]
    return {"Type": "forward", "ForwardConfig": {"TargetGroups": groups}}


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
        weights={A: 1},
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
    assert {field: value for field, value in found.items() if value} == {"paths": paths, "hosts": {"x.example"}}


def header(name: str, *values: str, **more: Any) -> dict[str, Any]:
    config = {"HttpHeaderName": name, "Values": [*values], **more}
    return {"Field": "http-header", "Values": [], "HttpHeaderConfig": config}


def query(*pairs: dict[str, str]) -> dict[str, Any]:
    return {"Field": "query-string", "Values": [], "QueryStringConfig": {"Values": [*pairs]}}


@pytest.mark.parametrize(
    ("answered", "field", "value"),
    [
        (
            {"Field": "http-request-method", "HttpRequestMethodConfig": {"Values": ["GET"]}},
            "methods",
            {"GET"},
        ),
        ({"Field": "source-ip", "SourceIpConfig": {"Values": ["10.0.0.0/8"]}}, "source", {"10.0.0.0/8"}),
        (header("X-Env", "b", "a"), "headers", {"X-Env": {"a", "b"}}),
        (query({"Key": "v", "Value": "2"}, {"Key": "v", "Value": "1"}), "query", {"v": {"1", "2"}}),
        (query({"Value": "1"}), "query", {"*": {"1"}}),
        (query({"Key": "*", "Value": "1"}), "query", {"*": {"1"}}),
    ],
)
def test_each_condition_has_a_field(answered: dict[str, Any], field: str, value: Any):
    found = from_conditions([answered])
    assert {name: each for name, each in found.items() if each} == {field: value}


@pytest.mark.parametrize(
    "answered",
    [
        [query({"Key": "v", "Value": "1"}, {"Key": "w", "Value": "1"})],
        [header("X-Env", "a"), header("x-env", "b")],
        [{"Field": "path-pattern", "Values": [], "PathPatternConfig": {"RegexValues": ["^/a"]}}],
    ],
)
def test_what_no_field_can_say_is_kept_as_it_is(answered: list[dict[str, Any]]):
    found = from_conditions(answered)
    assert len(found.pop("other_conditions")) == len(answered)
    assert not any(found.values())


def test_the_order_in_which_aws_tells_values_is_no_difference():
    def told(*values: str) -> list[dict[str, Any]]:
        return [header("X", *values), query(*({"Key": key, "Value": "1"} for key in values))]

    assert from_conditions(told("b", "a", "c")) == from_conditions(told("c", "b", "a"))
    assert from_conditions(told("b", "a")) != from_conditions(told("b", "c"))


EVERY_CONDITION: dict[str, Any] = {
    "paths": frozenset({"/b"}),
    "hosts": frozenset({"shop.example"}),
    "methods": frozenset({"GET"}),
    "headers": {"X-Env": frozenset({"blue"})},
    "query": {"*": frozenset({"2"})},
}
FEWER = {"source": frozenset({"10.0.0.0/8", "::/0"}), "query": {"v": frozenset({"1", "2"})}}


@pytest.mark.parametrize("conditions", [EVERY_CONDITION, FEWER])
def test_what_is_sent_is_what_is_read(conditions: dict[str, Any]):
    want = rule(**{"paths": frozenset(), **conditions})
    found = from_conditions(to_conditions(want))
    assert found == {**dict.fromkeys((*CONDITIONS, "other_conditions"), frozenset()), **found}
    assert {field: value for field, value in found.items() if value} == conditions
    assert len(want.conditions) == sum(map(len, conditions.values())) + (conditions is FEWER)


@pytest.mark.parametrize("conditions", [EVERY_CONDITION, FEWER])
def test_rules_with_every_condition_are_made_and_then_left(front: list[Any], conditions: dict[str, Any]):
    mine = [*front, rule(**{"paths": frozenset(), **conditions})]
    settle(mine)
    assert see(mine).changes == ()


ANSWERS = (
    Redirect(protocol="HTTPS", port="443", host="new.example.com"),
    Redirect(protocol="HTTPS", port="443", query=""),
    FixedResponse(status=403),
    FixedResponse(status=503, content_type="text/html", body="<p>Back soon</p>"),
)


@pytest.mark.parametrize("answer", ANSWERS)
def test_a_rule_that_answers_needs_no_target_group(front: list[Any], answer: Any):
    settle([*front, rule(target_group=None, answer=answer)])
    assert see([*front, rule(target_group=None, answer=answer)]).changes == ()
    settle([*front, rule()])
    settle([*front, rule(target_group=None, answer=answer)])
    _modify(Actions=[{"Type": "fixed-response", "FixedResponseConfig": {"StatusCode": "404"}}])
    found = differences(see([*front, rule(target_group=None, answer=answer)]))
    assert found == {f"listener_rule.{RULE}": ["answer"]}


def test_a_service_that_takes_over_from_an_answer_is_told_to_have_a_gap():
    live = Live(rule(target_group=None, answer=ANSWERS[0]), {"id": "arn"})
    assert [*KIND.warn(rule(served_by=SERVICE), live)] == [
        "requests that the load balancer answers itself now are answered 503 until svc-api-dev has a healthy task"
    ]
    assert not [*KIND.warn(rule(served_by=SERVICE), Live(rule(), {"id": "arn"}))]


def test_an_answer_comes_at_once_and_its_groups_leave():
    want = rule(target_group=None, answer=ANSWERS[2], served_by=None)
    was = Live(rule(weights={GROUP: 1, OLD: 0}, idle_groups=frozenset({OLD})), {"id": "arn"})
    ((operation, params),) = calls(KIND.ensure(want, was))
    assert (operation, params["Actions"][0]["Type"]) == ("modify_rule", "fixed-response")


def test_no_transforms_are_none_and_those_by_hand_are_reset():
    rewrite = {"Type": "url-rewrite", "UrlRewriteConfig": {"Rewrites": [{"Regex": "^/a", "Replace": "/b"}]}}
    answer = {"RuleArn": "arn:rule", "Priority": "1", "Conditions": [], "Actions": [weighted({A: 1})]}
    plain, changed = (from_aws("api", {}, "arn:l", {**answer, "Transforms": t}) for t in ([], [rewrite]))
    assert plain == from_aws("api", {}, "arn:l", answer)
    assert [f.field for f in diff(plain, changed)] == ["transforms"]
    back = ("modify_rule", {"RuleArn": plain.ref(), "ResetTransforms": True})
    assert calls(KIND.ensure(plain, Live(changed, {"id": "arn:rule"}))) == [back]


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
        ([weighted({A: 1, B: 0})], A),
        ([weighted({A: 0, B: 7})], B),
        ([weighted({A: 0, B: 0})], f"forward to {A} 0, {B} 0"),
        (
            [{"Type": "forward", "ForwardConfig": PLAIN | {"TargetGroupStickinessConfig": {"Enabled": True}}}],
            f"forward to {A} 1, sticky",
        ),
    ],
)
def test_only_a_forward_to_one_group_has_a_target(actions: list[dict[str, Any]], target: str):
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


def _only_with(*conditions: dict[str, Any]) -> None:
    api = {"Field": "path-pattern", "PathPatternConfig": {"Values": ["/", "/api/*"]}}
    sent = [{k: v for k, v in condition.items() if k != "Values"} for condition in conditions]
    _modify(Conditions=[api, *sent])


def _only_for(field: str, config: str, *values: str) -> None:
    _only_with({"Field": field, config: {"Values": list(values)}})


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
        (lambda: _only_for("source-ip", "SourceIpConfig", "10.0.0.0/8"), "source"),
        (lambda: _only_for("http-request-method", "HttpRequestMethodConfig", "GET"), "methods"),
        (lambda: _only_with(header("X-Env", "blue")), "headers"),
        (lambda: _only_with(query({"Key": "v", "Value": "1"})), "query"),
        (lambda: _only_with(header("X", "a"), header("X", "b")), "other_conditions"),
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


GROUP, OLD = Ref("target_group", "tg-api-dev"), Ref("target_group", "arn:old", by_id=True)
SERVICE = Address("ecs_service", "svc-api-dev")


def parts(live: dict[Ref, int], target: Ref | str, **fields: Any) -> dict[str | None, list[Any]]:
    """Return the calls of each part, given the live rule's weights and the group that gets its requests."""
    idle = frozenset(group for group, weight in live.items() if not weight)
    was = Live(rule(target_group=target, weights=live, idle_groups=idle), {"id": "arn"})
    steps = list(KIND.ensure(rule(served_by=SERVICE, **fields), was))
    return {mark.what if mark else None: calls(found) for mark, found in split_parts(steps)}


def to(weights: dict[Ref, int]) -> tuple[str, dict[str, Any]]:
    return "modify_rule", {"RuleArn": rule().ref(), "Actions": [weighted(weights)]}


ALONE = "modify_rule", {"RuleArn": rule().ref(), "Actions": [{"Type": "forward", "TargetGroupArn": GROUP}]}


def test_requests_move_in_three_steps():
    assert parts({OLD: 1}, OLD) == {
        None: [to({OLD: 1, GROUP: 0})],
        "traffic": [to({OLD: 0, GROUP: 1})],
        "other groups": [ALONE],
    }


@pytest.mark.parametrize(
    ("weights", "target", "left"),
    [
        ({OLD: 1, GROUP: 0}, OLD, {"traffic": [to({OLD: 0, GROUP: 1})], "other groups": [ALONE]}),
        ({OLD: 0, GROUP: 1}, GROUP, {"other groups": [ALONE]}),
        ({GROUP: 5}, GROUP, {}),
    ],
)
def test_a_move_that_was_interrupted_goes_on_where_it_was(
    weights: dict[Ref, int], target: Ref, left: dict[str, Any]
):
    assert parts(weights, target) == {None: [], **left}


def test_new_conditions_come_with_the_new_group():
    found = parts({OLD: 1}, OLD, paths=frozenset({"/new"}))
    assert [params.keys() for _, params in found[None]] == [{"RuleArn", "Actions"}]
    assert [params.keys() for _, params in found["traffic"]] == [{"RuleArn", "Actions", "Conditions"}]


@pytest.mark.parametrize("weights", [{OLD: 1, GROUP: 9}, {}])
def test_a_split_and_another_action_are_put_right_at_once(weights: dict[Ref, int]):
    assert parts(weights, "forward to several") == {None: [ALONE]}


def test_requests_move_at_once_where_nothing_rolls_out():
    live = Live(rule(target_group=OLD, weights={OLD: 1}), {"id": "arn"})
    assert calls(KIND.ensure(rule(), live)) == [ALONE]


def test_a_move_goes_on_once_the_service_has_rolled_out_and_a_target_is_healthy():
    live = Live(rule(target_group=OLD, weights={OLD: 1}), {"id": "arn"})
    marks = {s.what: s for s in KIND.ensure(rule(served_by=SERVICE), live) if isinstance(s, Later)}
    assert marks["traffic"].rolled_out == marks["other groups"].rolled_out == SERVICE
    assert (marks["traffic"].last, marks["other groups"].last) == (False, True)
    assert "joins at weight 0, and gets the requests once svc-api-dev has rolled out" in marks["traffic"].why
    assert calls(marks["traffic"].otherwise) == [
        ("modify_rule", {"RuleArn": rule().ref(), "Actions": [{"Type": "forward", "TargetGroupArn": OLD}]})
    ]
    (wait, weighed) = next(
        steps
        for mark, steps in split_parts([*KIND.ensure(rule(served_by=SERVICE), live)])
        if mark == marks["traffic"]
    )
    assert (wait.title, wait.params) == ("elbv2.target_healthy", {"TargetGroupArn": GROUP})
    assert weighed.title == "elbv2.modify_rule"


def test_a_rule_moves_by_its_conditions_or_a_priority_of_the_file_and_not_by_a_chosen_one():
    moved, elsewhere = KIND.relations.moved, Ref("listener", "alb-dev-https")
    here = rule(priority=1000)
    assert moved
    assert moved(here, rule(listener=elsewhere, priority=7))
    assert moved(here, rule(listener=elsewhere, priority=1000, paths=frozenset({"/x"})))
    assert not moved(here, rule(listener=elsewhere, priority=1000, paths=frozenset({"/x"}), chosen=True))
    assert not moved(here, rule(priority=1000))


def test_a_rule_waits_for_its_group_only_if_that_leaves_a_load_balancer_that_is_deleted():
    start = "arn:aws:elasticloadbalancing:us-east-1:123456789012"
    live, after = Live(rule(), {"id": f"{start}:listener-rule/app/old/1/2/3"}), KIND.relations.moves_after
    deleted = {f"{start}:loadbalancer/app/old/1"}
    assert after
    assert after(live, rule(listener=Ref("listener", "alb-new-http")), deleted)
    assert not after(live, rule(target_group=OLD), deleted)
    assert not after(live, rule(), {f"{start}:loadbalancer/app/old/2"})


def test_a_forward_has_five_groups_at_most_and_those_that_get_least_leave_it():
    full = {Ref("target_group", f"arn:{n}", by_id=True): n for n in range(5)}
    joined = join(GROUP, full)
    assert [group.name for group in joined] == ["arn:4", "arn:3", "arn:2", "arn:1", "tg-api-dev"]
    assert joined[GROUP] == 0


def test_stickiness_is_never_switched_on():
    assert "TargetGroupStickinessConfig" not in str(forward({OLD: 1, GROUP: 0}))


@pytest.mark.parametrize(
    ("action", "weights"),
    [
        ({"Type": "forward", "TargetGroupArn": A}, {A: 1}),
        (weighted({A: 3, B: 0}), {A: 3, B: 0}),
        ({"Type": "fixed-response"}, {}),
    ],
)
def test_weights_are_read_from_each_form_of_a_forward(action: dict[str, Any], weights: dict[str, int]):
    assert find_weights([action]) == weights


def test_a_group_at_weight_0_is_no_drift_as_long_as_the_file_has_it(front: list[Any]):
    mine = [
        *front,
        group("tg-other-dev"),
        rule(),
        rule("r2", priority=2, target_group=Ref("target_group", "tg-other-dev")),
    ]
    settle(mine)
    _modify(Actions=[weighted({id_of(group()): 1, id_of(group("tg-other-dev")): 0})])
    assert see(mine).changes == ()
    without = [spec for spec in mine if spec.name not in ("tg-other-dev", "r2")]
    assert settle(without) == [
        "delete listener_rule.r2",
        "delete target_group.tg-other-dev",
        f"update listener_rule.{RULE}",
    ]


def test_a_share_for_another_group_is_drift(front: list[Any]):
    mine = [*front, group("tg-other-dev"), rule(served_by=SERVICE)]
    settle(mine)
    _modify(Actions=[weighted({id_of(group()): 9, id_of(group("tg-other-dev")): 1})])
    assert differences(see(mine)) == {f"listener_rule.{RULE}": ["target_group"]}
    settle(mine)


def found(arn: str, own: str | None, priority: int, path: str) -> FoundRule:
    return FoundRule(arn, LISTENER, priority, frozenset({("paths", "", path)}), own)


def wanted(*, chosen: bool = False, **places: tuple[int, str]) -> dict[str, ListenerRule]:
    each = {n: {"priority": p, "paths": frozenset({path})} for n, (p, path) in places.items()}
    return {n: rule(n, chosen=chosen, **fields) for n, fields in each.items()}


@pytest.mark.parametrize(
    ("live", "desired", "names"),
    [
        ([found("1", "a", 1, "/a")], wanted(a=(1, "/a")), {"1": "a"}),
        ([found("1", "a", 1, "/a")], wanted(b=(7, "/a")), {"1": "b"}),
        (
            [found("1", "a", 1, "/a"), found("2", "a-2", 2, "/b")],
            wanted(b=(1, "/a"), a=(2, "/b")),
            {"1": "b", "2": "a"},
        ),
        ([found("1", "a", 1, "/a")], wanted(a=(1, "/x")), {"1": "a"}),
        ([found("1", "a", 1, "/a")], wanted(b=(1, "/x")), {"1": "b"}),
        ([found("1", "a", 1, "/a")], wanted(b=(2, "/x")), {"1": "a"}),
        ([found("1", "a", 1, "/a")], wanted(b=(1, "/x"), chosen=True), {"1": "a"}),
        ([found("1", "a", 1, "/a")], wanted(b=(7, "/a"), chosen=True), {"1": "b"}),
        ([found("1", "a", 1, "/a"), found("2", "a", 2, "/a")], wanted(a=(2, "/a")), {"2": "a"}),
        ([found("1", None, 1, "/a")], wanted(b=(1, "/x")), {"1": "b"}),
        ([found("1", "b", 5, "/b"), found("2", None, 1, "/a")], wanted(b=(1, "/b")), {"1": "b", "2": "b"}),
        ([found("1", None, 1, "/a")], wanted(b=(2, "/a")), {}),
        ([found("1", "", 1, "/a")], wanted(b=(1, "/x")), {"1": "b"}),
        ([found("1", "a", 1, "/a")], {"a": rule("a", listener=Ref("listener", "alb-dev-https"))}, {}),
    ],
)
def test_a_rule_is_what_it_matches_then_what_its_tags_say_then_where_it_is(
    live: list[FoundRule], desired: dict[str, ListenerRule], names: dict[str, str]
):
    assert name_rules(live, desired) == names
