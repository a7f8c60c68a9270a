from typing import Any

import pytest
from balancing import DELAY, GROUP, HEALTH, balancer, group, id_of, listener, rule, zones
from scripted import ScriptedAws
from support import OTHERS, calls, client, differences, live_of, look, make, see, settle

from reconciler.aws.blockers import find_blockers
from reconciler.model.references import Ref, fingerprint
from reconciler.model.spec import Live
from reconciler.model.tags import NAME
from reconciler.render.plan_text import plan_text
from reconciler.resources.blocker_queries import rules_forwarding_to
from reconciler.resources.target_group import KIND, HealthCheck, TargetGroup, can_share_tasks, from_aws
from reconciler.resources.target_group.health_check import from_target_group

pytestmark = pytest.mark.usefixtures("aws")
NETWORK = zones()
MINE = [*NETWORK, group()]
TO_ONE = {"TargetGroupArn": "arn:1", "Weight": 1}
ANSWER = {
    "HealthCheckPath": "/health",
    "HealthCheckIntervalSeconds": 30,
    "HealthCheckTimeoutSeconds": 5,
    "HealthyThresholdCount": 2,
    "UnhealthyThresholdCount": 3,
    "Matcher": {"HttpCode": "200-299"},
}


def test_its_replacement_says_what_it_costs():
    settle(MINE)
    text = plan_text(see([*NETWORK, group(protocol="HTTPS")]))
    assert "  ± target_group.tg-api-dev   replaces " in text
    assert "      requests are answered 503 until the service's new tasks are healthy\n" in text


def behind_a_listener(target: TargetGroup) -> list[Any]:
    return [*NETWORK, target, balancer(), listener(), rule()]


def test_an_answer_becomes_a_spec():
    answer = {
        **ANSWER,
        "TargetGroupArn": "arn:group",
        "TargetGroupName": "tg-api-dev-123456",
        "VpcId": "vpc-1",
        "Port": 8080,
        "Protocol": "HTTP",
        "TargetType": "ip",
    }
    assert from_aws(GROUP, {"a": "b"}, answer, {DELAY: "30"}) == TargetGroup(
        name=GROUP,
        tags={"a": "b"},
        vpc="vpc-1",
        port=8080,
        health_check=HEALTH.model_copy(update={"matcher": "200-299"}),
        attributes={DELAY: "30"},
        aws_name="tg-api-dev-123456",
    )


@pytest.mark.parametrize(
    ("version", "matcher", "told"),
    [("HTTP2", {"HttpCode": "200"}, "200"), ("GRPC", {"GrpcCode": "0,12"}, "0,12")],
)
def test_the_version_of_http_is_sent_read_and_part_of_the_name(version: str, matcher: Any, told: str):
    want = group(version=version, health_check=HEALTH.model_copy(update={"matcher": told}))
    ((_, sent), _) = calls(KIND.ensure(want, None))
    assert (sent["ProtocolVersion"], sent["Matcher"]) == (version, matcher)
    assert want.physical_name != group().physical_name
    settle([*NETWORK, want])
    assert not see([*NETWORK, want]).changes
    assert settle([*NETWORK, group()]) == [f"create target_group.{GROUP}", f"delete target_group.{GROUP}"]


def test_the_usual_version_is_not_sent_and_leaves_names_as_they_were():
    ((_, sent), _) = calls(KIND.ensure(group(), None))
    assert "ProtocolVersion" not in sent
    old = {field: value for field, value in group().immutable.items() if field != "version"}
    assert group().physical_name.endswith(fingerprint({"name": GROUP, **old}))


def test_no_task_passes_the_checks_of_two_versions():
    assert can_share_tasks(group(), group())
    assert not can_share_tasks(group(), group(version="GRPC"))


def test_an_answer_becomes_a_health_check():
    assert from_target_group(ANSWER) == HEALTH.model_copy(update={"matcher": "200-299"})


def test_over_tcp_there_is_neither_path_nor_matcher():
    bare = {k: v for k, v in ANSWER.items() if k not in ("HealthCheckPath", "Matcher")}
    assert from_target_group(bare) == HealthCheck(path="", interval=30, timeout=5, healthy=2, unhealthy=3)


@pytest.mark.parametrize(
    "action",
    [
        {"Type": "forward", "TargetGroupArn": "arn:1"},
        {"Type": "forward", "ForwardConfig": {"TargetGroups": [{"TargetGroupArn": "arn:2"}, TO_ONE]}},
    ],
)
def test_a_rule_that_forwards_to_it_in_any_form_blocks_its_delete(action: dict[str, Any]):
    rules = [{"RuleArn": "x/app/mine", "Priority": "1", "Actions": [action]}]
    elsewhere = [{"RuleArn": "x/app/other", "Priority": "2", "Actions": [{"Type": "redirect"}]}]
    aws = ScriptedAws(
        describe_target_groups={"TargetGroups": [{"LoadBalancerArns": ["arn:lb"]}]},
        describe_listeners={"Listeners": [{"ListenerArn": "arn:l"}]},
        describe_rules={"Rules": rules + elsewhere},
    )
    assert find_blockers(aws.client, [rules_forwarding_to("arn:1")]).by == ("rule mine (1)",)


def test_a_new_one_has_all_its_fields_in_the_call_that_makes_it():
    create, modify = KIND.ensure(group(), None)
    assert calls([create, modify]) == [
        (
            "create_target_group",
            {
                "Name": group().physical_name,
                "VpcId": Ref("vpc", "vpc-dev"),
                "Port": 8080,
                "Protocol": "HTTP",
                "TargetType": "ip",
                "Tags": [{"Key": k, "Value": v} for k, v in sorted(group().tags.items())],
                "HealthCheckProtocol": "HTTP",
                "HealthCheckPort": "traffic-port",
                "HealthCheckPath": "/health",
                "HealthCheckIntervalSeconds": 30,
                "HealthCheckTimeoutSeconds": 5,
                "HealthyThresholdCount": 2,
                "UnhealthyThresholdCount": 3,
                "Matcher": {"HttpCode": "200"},
            },
        ),
        (
            "modify_target_group_attributes",
            {"TargetGroupArn": group().ref(), "Attributes": [{"Key": DELAY, "Value": "30"}]},
        ),
    ]


def test_a_matcher_that_nobody_gave_is_never_sent():
    want = group(health_check=HEALTH.model_copy(update={"matcher": None}))
    assert all("Matcher" not in params for _, params in calls(KIND.ensure(want, None)))


@pytest.mark.parametrize(
    "name", ["tg-api-dev", "tg-a-service-with-quite-a-long-name-dev", "tg-x-and-more-than-25-dev"]
)
def test_its_name_tells_what_cannot_change(name: str):
    one, other = group(name), group(name, protocol="HTTPS")
    assert one.physical_name != other.physical_name
    for called in (one.physical_name, other.physical_name):
        assert len(called) <= 32
        assert not called.startswith("-")
        assert "-dev-" in called


def test_the_old_one_is_only_in_the_way_under_the_same_name():
    live = group(aws_name=group().physical_name, vpc="vpc-old")
    assert KIND.relations.clashes is not None
    assert KIND.relations.clashes(live, group())
    assert not KIND.relations.clashes(live, group(protocol="HTTPS"))


def test_made_then_nothing_to_do_then_gone():
    settle(MINE)
    settle([], file=MINE)
    assert look(MINE) == []


def test_its_outputs_are_its_id_and_its_dimension():
    settle(MINE)
    (live,) = live_of(KIND, MINE)
    assert live.outputs["dimension"].startswith("targetgroup/tg-api-dev-")


def _check(**params: object) -> None:
    client("elbv2").modify_target_group(TargetGroupArn=id_of(group()), **params)


def _wait_longer() -> None:
    attributes = [{"Key": DELAY, "Value": "300"}, {"Key": "stickiness.enabled", "Value": "true"}]
    client("elbv2").modify_target_group_attributes(TargetGroupArn=id_of(group()), Attributes=attributes)


def _without_a_name() -> None:
    client("elbv2").remove_tags(ResourceArns=[id_of(group())], TagKeys=[NAME])


@pytest.mark.parametrize(
    ("by_hand", "field"),
    [
        (lambda: _check(HealthCheckPath="/"), "health_check"),
        (lambda: _check(HealthCheckPort="9090"), "health_check"),
        (lambda: _check(HealthCheckProtocol="HTTPS"), "health_check"),
        (lambda: _check(HealthCheckIntervalSeconds=60), "health_check"),
        (lambda: _check(HealthCheckTimeoutSeconds=9), "health_check"),
        (lambda: _check(HealthyThresholdCount=9), "health_check"),
        (lambda: _check(UnhealthyThresholdCount=9), "health_check"),
        (lambda: _check(Matcher={"HttpCode": "200-499"}), "health_check"),
        (_wait_longer, "attributes"),
        (_without_a_name, "tags"),
    ],
)
def test_what_was_changed_by_hand_is_put_right(by_hand: Any, field: str):
    settle(MINE)
    by_hand()
    assert differences(see(MINE)) == {f"target_group.{GROUP}": [field]}
    assert settle(MINE) == [f"update target_group.{GROUP}"]


def test_a_matcher_that_is_not_ours_to_manage_is_no_difference():
    mine = [*NETWORK, group(health_check=HEALTH.model_copy(update={"matcher": None}))]
    settle(mine)
    _check(Matcher={"HttpCode": "200-499"})
    assert see(mine).changes == ()


def test_its_port_is_only_a_default_and_nothing_is_done_about_another_one():
    settle(MINE)
    assert see([*NETWORK, group(port=9090)]).changes == ()
    assert group(port=9090).physical_name == group().physical_name


def test_a_live_one_whose_name_was_made_otherwise_is_known_by_its_tags():
    settle(MINE)
    (live,) = live_of(KIND, MINE)
    elb, tags = client("elbv2"), [{"Key": k, "Value": v} for k, v in live.spec.tags.items()]
    elb.delete_target_group(TargetGroupArn=live.outputs["id"])
    check = {"HealthCheckPath": "/health", "HealthCheckTimeoutSeconds": 5, "Matcher": {"HttpCode": "200"}}
    counts = {"HealthyThresholdCount": 2, "UnhealthyThresholdCount": 3, "HealthCheckIntervalSeconds": 30}
    made = elb.create_target_group(
        Name="tg-api-dev-0123ab",
        VpcId=live.spec.vpc.name,
        Port=80,
        Protocol="HTTP",
        TargetType="ip",
        Tags=tags,
        **check,
        **counts,
    )
    arn = made["TargetGroups"][0]["TargetGroupArn"]
    elb.modify_target_group_attributes(TargetGroupArn=arn, Attributes=[{"Key": DELAY, "Value": "30"}])
    assert see(MINE).changes == ()


def test_another_protocol_means_another_one_beside_the_first_until_the_rule_has_moved():
    settle(behind_a_listener(group()))
    assert settle(behind_a_listener(group(protocol="HTTPS"))) == [
        "create target_group.tg-api-dev",
        "delete target_group.tg-api-dev",
        "update listener_rule.alb-dev-http-api",
    ]


def test_somebody_elses_of_the_same_name_is_left_alone():
    theirs = make(TargetGroup, "theirs", OTHERS, **{f: v for f, v in group() if f not in ("name", "tags")})
    vpc = client("ec2").describe_vpcs()["Vpcs"][0]["VpcId"]
    tags = [{"Key": k, "Value": v} for k, v in theirs.tags.items()]
    client("elbv2").create_target_group(
        Name=group().physical_name, VpcId=vpc, Port=80, Protocol="HTTP", TargetType="ip", Tags=tags
    )
    (conflict,) = see(MINE).conflicts
    assert (str(conflict.address), OTHERS.name in conflict.why) == (f"target_group.{GROUP}", True)


def test_only_what_differs_is_sent():
    live = Live(group(attributes={DELAY: "300"}), {"id": "arn"})
    assert [operation for operation, _ in calls(KIND.ensure(group(), live))] == [
        "modify_target_group_attributes"
    ]
