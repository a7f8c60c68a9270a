from typing import Any

import pytest
from balancing import IDLE, balancer, id_of, zones
from scripted import ScriptedAws, read, refused
from support import OTHERS, OURS, act, calls, client, differences, live_of, look, see, settle

from reconciler.model.references import Ref
from reconciler.model.spec import Live
from reconciler.model.steps import Call, Wait
from reconciler.model.tags import NAME, STACK
from reconciler.plan import plan
from reconciler.plan.safety import Consent, objections
from reconciler.resources import KINDS, listener, listener_rule
from reconciler.resources.kind import Kind
from reconciler.resources.load_balancer import KIND, PROVISIONING, LoadBalancer, from_aws
from reconciler.resources.load_balancer.waiters import BALANCER_ACTIVE, BALANCER_DELETED

pytestmark = pytest.mark.usefixtures("aws")
ANSWER = {
    "LoadBalancerArn": "arn:aws:elasticloadbalancing:us-east-1:1:loadbalancer/app/alb-dev/50dc6c495c0c9188",
    "LoadBalancerName": "alb-dev",
    "Scheme": "internal",
    "VpcId": "vpc-1",
    "State": {"Code": "provisioning"},
    "AvailabilityZones": [{"SubnetId": "subnet-2", "ZoneName": "b"}, {"SubnetId": "subnet-1", "ZoneName": "a"}],
    "SecurityGroups": ["sg-1"],
}


@pytest.fixture
def platform() -> list[Any]:
    mine = [*zones(), balancer()]
    settle(mine)
    return mine


def test_an_answer_becomes_a_spec():
    assert from_aws("alb-dev", {"a": "b"}, ANSWER, {IDLE: "60"}) == LoadBalancer(
        name="alb-dev",
        tags={"a": "b"},
        scheme="internal",
        vpc="vpc-1",
        subnets=frozenset({"subnet-1", "subnet-2"}),
        security_groups=frozenset({"sg-1"}),
        attributes={IDLE: "60"},
        provisioning=True,
    )


@pytest.mark.parametrize(
    ("state", "failure"),
    [
        ({"Code": "active"}, None),
        ({"Code": "active_impaired"}, None),
        ({"Code": "failed", "Reason": "no address left"}, "no address left"),
    ],
)
def test_only_one_that_failed_has_to_be_replaced(state: dict[str, str], failure: str | None):
    assert from_aws("alb-dev", {}, ANSWER | {"State": state}, {}).immutable["failure"] == failure


def test_a_new_one_is_made_with_its_tags_and_waited_for_beside_the_rest():
    want = balancer(attributes={IDLE: "90"})
    create, modify, wait = KIND.ensure(want, None)
    assert calls([create, modify]) == [
        (
            "create_load_balancer",
            {
                "Name": "alb-dev",
                "Type": "application",
                "Scheme": "internet-facing",
                "Tags": [{"Key": k, "Value": v} for k, v in sorted(want.tags.items())],
                "Subnets": [Ref("subnet", "subnet-a-dev"), Ref("subnet", "subnet-b-dev")],
                "SecurityGroups": [Ref("security_group", "alb-dev")],
            },
        ),
        (
            "modify_load_balancer_attributes",
            {"LoadBalancerArn": want.ref(), "Attributes": [{"Key": IDLE, "Value": "90"}]},
        ),
    ]
    assert isinstance(wait, Wait)
    assert (wait.settling, wait.model) == (True, BALANCER_ACTIVE)


def test_what_a_new_one_has_anyway_is_not_sent():
    steps = KIND.ensure(balancer(attributes={IDLE: "60", "deletion_protection.enabled": "false"}), None)
    assert [operation for operation, _ in calls(steps)] == ["create_load_balancer"]


def test_only_what_differs_is_sent():
    live = Live(balancer(attributes={IDLE: "61"}), {"id": "arn"})
    assert [operation for operation, _ in calls(KIND.ensure(balancer(), live))] == [
        "modify_load_balancer_attributes"
    ]


def test_made_then_nothing_to_do_then_gone(platform: list[Any]):
    settle([], file=platform)
    assert look(platform) == []


@pytest.mark.parametrize("attributes", [{IDLE: "60"}, {}])
def test_a_destroy_is_refused_as_a_whole_while_aws_protects_it(platform: list[Any], attributes: dict[str, str]):
    file = [*zones(), balancer(attributes=attributes)]
    on = [{"Key": "deletion_protection.enabled", "Value": "true"}]
    client("elbv2").modify_load_balancer_attributes(LoadBalancerArn=id_of(balancer()), Attributes=on)
    (objection,) = objections(KINDS, see([], file), Consent(yes=True, replace=True), asks=True)
    assert objection.startswith(
        "load_balancer.alb-dev: AWS would refuse to delete it\n  set `deletion_protection: false`"
    )
    off = [{"Key": "deletion_protection.enabled", "Value": "false"}]
    client("elbv2").modify_load_balancer_attributes(LoadBalancerArn=id_of(balancer()), Attributes=off)
    assert not objections(KINDS, see([], file), Consent(yes=True, replace=True), asks=True)


def test_its_outputs_are_its_id_its_address_and_its_dimension(platform: list[Any]):
    (live,) = live_of(KIND, platform)
    assert live.outputs["dimension"] == live.outputs["id"].split(":loadbalancer/")[1]
    assert live.outputs["dns"].endswith("elb.amazonaws.com")


def _another_group() -> None:
    found = client("ec2").create_security_group(GroupName="x", Description="x", VpcId=id_of(zones()[0]))
    client("elbv2").set_security_groups(LoadBalancerArn=id_of(balancer()), SecurityGroups=[found["GroupId"]])


def _more_subnets() -> None:
    vpc = id_of(zones()[0])
    made = client("ec2").create_subnet(VpcId=vpc, CidrBlock="10.0.9.0/24", AvailabilityZone="us-east-1c")
    ids = [id_of(zones()[2]), id_of(zones()[3]), made["Subnet"]["SubnetId"]]
    client("elbv2").set_subnets(LoadBalancerArn=id_of(balancer()), Subnets=ids)


def _idle_longer() -> None:
    attributes = [{"Key": IDLE, "Value": "600"}, {"Key": "routing.http2.enabled", "Value": "false"}]
    client("elbv2").modify_load_balancer_attributes(LoadBalancerArn=id_of(balancer()), Attributes=attributes)


def _without_a_name() -> None:
    client("elbv2").remove_tags(ResourceArns=[id_of(balancer())], TagKeys=[NAME])


@pytest.mark.parametrize(
    ("by_hand", "field"),
    [
        (_another_group, "security_groups"),
        (_more_subnets, "subnets"),
        (_idle_longer, "attributes"),
        (_without_a_name, "tags"),
    ],
)
def test_what_was_changed_by_hand_is_put_right(platform: list[Any], by_hand: Any, field: str):
    by_hand()
    assert differences(see(platform)) == {"load_balancer.alb-dev": [field]}
    assert settle(platform) == ["update load_balancer.alb-dev"]


def test_another_scheme_means_another_one_after_the_first_is_gone(platform: list[Any]):
    *network, first = platform
    todo = see([*network, first.model_copy(update={"scheme": "internal"})])
    made, gone = next(c for c in todo.changes if c.replaces), next(c for c in todo.changes if c.live)
    assert (made.replaces, gone.key in made.after) == (gone.key, True)
    assert "503" in made.interrupts
    assert "another DNS name" in made.interrupts
    outcome = act(todo)
    assert (len(outcome.done), outcome.failed) == (2, {})


def test_somebody_elses_of_the_same_name_is_left_alone():
    ec2, theirs = client("ec2"), {STACK: OTHERS.name, NAME: "alb-dev"}
    subnets = [s["SubnetId"] for s in ec2.describe_subnets()["Subnets"]][:2]
    tags = [{"Key": k, "Value": v} for k, v in theirs.items()]
    client("elbv2").create_load_balancer(Name="alb-dev", Subnets=subnets, Tags=tags)
    (conflict,) = see([*zones(), balancer()]).conflicts
    assert f"belongs to stack {OTHERS.name}" in conflict.why


def test_one_without_tags_in_our_network_is_taken_for_ours(platform: list[Any]):
    client("elbv2").remove_tags(ResourceArns=[id_of(balancer())], TagKeys=[STACK, NAME])
    (conflict,) = see(platform).conflicts
    assert "aws elbv2 add-tags --resource-arns arn:aws:" in conflict.remedy


GATEWAY = {  # as it is described: without scheme, address and groups
    "LoadBalancerArn": "arn:aws:elasticloadbalancing:us-east-1:1:loadbalancer/gwy/fence-dev/50dc6c495c0c9188",
    "LoadBalancerName": "fence-dev",
    "VpcId": "vpc-1",
    "State": {"Code": "active"},
    "Type": "gateway",
    "AvailabilityZones": [{"SubnetId": "subnet-1", "ZoneName": "a"}],
    "IpAddressType": "ipv4",
}


def test_an_answer_of_another_type_is_only_a_type():
    spec = from_aws("fence", {}, GATEWAY, {})
    assert (spec.type, spec.vpc.name, spec.subnets, spec.failure) == ("gateway", "", frozenset(), None)


LISTENERS = {"Listeners": [{"ListenerArn": "arn:gwy", "LoadBalancerArn": GATEWAY["LoadBalancerArn"]}]}


def beside(described: dict[str, Any], **answers: Any) -> ScriptedAws:
    unsupported = refused("UnsupportedProtocol")
    answers = {"describe_listeners": LISTENERS, "describe_rules": unsupported, **answers}
    return ScriptedAws(describe_load_balancers={"LoadBalancers": [described]}, **answers)


@pytest.mark.parametrize("name", ["fence-dev", "alb-dev"])
def test_of_one_of_another_type_only_the_tags_are_read(name: str):
    aws = beside(GATEWAY | {"LoadBalancerName": name})
    (live,) = read(KIND, aws, [balancer()])
    assert (live.spec.name, live.spec.type, live.owner) == (name, "gateway", None)
    assert read(listener_rule.KIND, aws, [balancer()]) == []
    described = {"describe_load_balancers", "describe_tags", "describe_target_groups"}
    assert set(aws.asked) == {*described, "get_resources"}


def test_one_of_another_type_may_have_the_desired_name():
    live = read(KIND, beside(GATEWAY | {"LoadBalancerName": "alb-dev"}), [balancer()])
    (conflict,) = [c for c in plan(KINDS, [balancer()], live, OURS.name).conflicts if "has the name" in c.why]
    assert conflict.address == balancer().address


def test_a_strangers_of_another_name_is_not_looked_into():
    aws = beside(ANSWER | {"LoadBalancerName": "theirs-dev"})
    assert [live.owner for live in read(KIND, aws, [balancer()])] == [None]
    assert aws.asked["describe_listeners"] == 0


@pytest.mark.parametrize("kind", [listener.KIND, listener_rule.KIND])
def test_what_others_put_on_a_strangers_of_the_desired_name_is_not_read(kind: Kind[Any]):
    on_theirs = {"ListenerArn": "arn:listener", "LoadBalancerArn": ANSWER["LoadBalancerArn"], "Port": 80}
    aws = beside(
        ANSWER,
        describe_listeners={"Listeners": [on_theirs]},
        describe_rules={"Rules": [{"RuleArn": "arn:rule", "Priority": "1"}]},
    )
    assert read(kind, aws, [balancer()]) == []
    assert aws.asked["describe_rules"] == 1


@pytest.mark.parametrize("operation", ["describe_listeners", "describe_rules", "describe_tags"])
def test_one_that_is_deleted_while_it_is_read_stops_nothing(operation: str):
    gone = refused("ListenerNotFound" if operation == "describe_rules" else "LoadBalancerNotFound")
    aws = beside(ANSWER, **{operation: gone})
    assert [live.owner for live in read(KIND, aws, [balancer()])] == [None]


@pytest.mark.parametrize(
    ("live", "patient"),
    [
        (None, True),
        (Live(balancer(provisioning=True, attributes={IDLE: "61"}), {"id": "arn"}), True),
        (Live(balancer(attributes={IDLE: "61"}), {"id": "arn"}), False),
    ],
    ids=["new", "of a killed run", "active"],
)
def test_attributes_that_are_refused_while_aws_makes_it_are_set_later(live: Any, patient: bool):
    modify = next(s for s in KIND.ensure(balancer(attributes={IDLE: "90"}), live) if "modify" in s.title)
    assert (PROVISIONING in modify.retry) is patient
    assert modify.settling is (live is None)


@pytest.mark.parametrize("provisioning", [True, False])
def test_another_place_of_one_that_aws_still_makes_is_set_later(provisioning: bool):
    live = Live(balancer(provisioning=provisioning), {"id": "arn"})
    elsewhere = balancer(subnets={"s-8", "s-9"}, security_groups={"g-9"})
    made = {s.operation: PROVISIONING in s.retry for s in KIND.ensure(elsewhere, live) if isinstance(s, Call)}
    assert made == {"set_subnets": provisioning, "set_security_groups": provisioning}


def test_what_is_under_it_waits_until_it_is_gone():
    delete, gone = KIND.remove(Live(balancer(), {"id": "arn"}, OURS.name))
    assert isinstance(delete, Call)
    assert isinstance(gone, Wait)
    assert (delete.ignore, delete.retry) == (("LoadBalancerNotFound",), ("ResourceInUse",))
    assert (gone.model, gone.settling) == (BALANCER_DELETED, False)
