"""What AWS gives no name is found by its place: a stranger there is none of ours that lost its tags."""

from typing import Any

import pytest
from balancing import LISTENER, RULE, balancer, group, id_of, listener, rule, zones
from network import A, B, subnet, vpc
from support import OTHERS, client, see, settle

from reconciler.model.plan import Conflict
from reconciler.model.spec import Spec
from reconciler.model.tags import NAME, STACK

UNOWNED = "which does not carry this stack's tags"
ANSWER = {"Type": "fixed-response", "FixedResponseConfig": {"StatusCode": "503"}}
pytestmark = pytest.mark.usefixtures("aws")


@pytest.fixture
def front(aws: Any) -> list[Spec]:
    built = [*zones(), balancer(), group(), listener()]
    settle(built)
    return built


def conflict(desired: list[Spec]) -> Conflict:
    (found,) = see(desired).conflicts
    return found


def make_rule(priority: int, **more: Any) -> str:
    """Make a rule by hand, and return its ARN."""
    conditions = [{"Field": "path-pattern", "Values": ["/maintenance"]}]
    given = {"ListenerArn": id_of(listener()), "Priority": priority, "Conditions": conditions}
    made = client("elbv2").create_rule(**given, Actions=[ANSWER], **more)
    return str(made["Rules"][0]["RuleArn"])


def test_a_taken_priority_names_its_holder_and_the_next_free_one(front):
    arn = make_rule(5)
    make_rule(6)
    wanted = [*front, rule(priority=5), rule("alb-dev-http-b", priority=7)]
    found = conflict(wanted)
    assert str(found.address) == f"listener_rule.{RULE}"
    assert found.why == f"priority 5 is taken by rule {arn} of listener {LISTENER}, {UNOWNED}"
    remove = f"aws elbv2 delete-rule --rule-arn {arn}"
    assert (
        found.remedy == f"choose another, the next free one is 8; or, if nobody needs it, remove it: {remove}"
    )


def test_a_taken_priority_stops_the_plan_also_where_our_rule_only_moves_to_it(front):
    settle([*front, rule(priority=1)])
    arn = make_rule(5)
    assert conflict([*front, rule(priority=5)]).why.startswith(f"priority 5 is taken by rule {arn}")
    assert settle([*front, rule(priority=6)]) == [f"update listener_rule.{RULE}"]


def test_a_priority_that_another_of_ours_still_has_is_not_free(front):
    settle([*front, rule("alb-dev-http-old", priority=6, paths=frozenset({"/old"}))])
    make_rule(5)
    assert "the next free one is 7;" in conflict([*front, rule(priority=5)]).remedy


def test_the_rule_of_another_stack_is_named_with_it_and_not_removed(front):
    arn = make_rule(50_000, Tags=[{"Key": STACK, "Value": OTHERS.name}])
    found = conflict([*front, rule(priority=50_000)])
    assert found.why == (
        f"priority 50000 is taken by rule {arn} of listener {LISTENER}, which belongs to stack {OTHERS.name}"
    )
    assert found.remedy == "choose another, the next free one is 1"


def test_one_that_is_just_as_desired_has_probably_lost_its_tags(front):
    settle([*front, rule()])
    client("elbv2").remove_tags(ResourceArns=[id_of(rule())], TagKeys=[STACK, NAME])
    assert "if its tags were lost, restore them: aws elbv2 add-tags" in conflict([*front, rule()]).remedy


def test_a_taken_port_is_told_and_the_listener_there_is_not_to_be_adopted(front):
    wanted = listener("alb-dev-https", port=8443)
    made = client("elbv2").create_listener(
        LoadBalancerArn=id_of(balancer()), Port=8443, Protocol="HTTP", DefaultActions=[ANSWER]
    )
    arn = made["Listeners"][0]["ListenerArn"]
    found = conflict([*front, wanted])
    assert found.why == f"port 8443 of load balancer alb-dev is taken by listener {arn}, {UNOWNED}"
    assert found.remedy.startswith("choose another port; or, if nobody needs it, remove it: aws elbv2 delete-l")
    assert conflict([*front[:-1], listener(port=8443)]).why == found.why


def test_a_taken_range_is_told_and_the_subnet_there_is_not_to_be_adopted():
    settle([vpc(), subnet()])
    made = client("ec2").create_subnet(
        VpcId=id_of(vpc()), CidrBlock="10.0.1.0/24", AvailabilityZone="us-east-1c"
    )
    own_id = made["Subnet"]["SubnetId"]
    found = conflict([vpc(), subnet(A), subnet(B, "10.0.1.0/24", zone="us-east-1b")])
    assert found.why == f"10.0.1.0/24 is taken by subnet {own_id} in us-east-1c, {UNOWNED}"
    assert "add-tags" not in found.remedy
    assert "create-tags" not in found.remedy
