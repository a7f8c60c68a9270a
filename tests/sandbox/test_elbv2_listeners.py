from typing import Any

import pytest
from botocore.exceptions import ClientError
from makers import (
    NOT_FOUND,
    Network,
    client_of,
    code_of,
    forward,
    make_alb,
    make_group,
    make_listener,
    make_network,
    make_rule,
)


@pytest.fixture
def elb(aws) -> Any:
    return client_of("elbv2")


@pytest.fixture
def network(aws) -> Network:
    return make_network(client_of("ec2"), "10.0")


def test_a_listener_of_the_same_port_is_the_same_or_refused(elb, network):
    alb = make_alb(elb, network)
    assert make_listener(elb, alb) == make_listener(elb, alb)
    with pytest.raises(ClientError) as refused:
        make_listener(elb, alb, forward(make_group(elb, network)))
    assert code_of(refused) == "DuplicateListener"


def test_a_forward_is_read_back_in_both_forms(elb, network):
    group = make_group(elb, network)
    listener = make_listener(elb, make_alb(elb, network), forward(group))
    action = elb.describe_listeners(ListenerArns=[listener])["Listeners"][0]["DefaultActions"][0]
    assert action["TargetGroupArn"] == group
    assert action["Order"] == 1
    assert action["ForwardConfig"]["TargetGroups"] == [{"TargetGroupArn": group, "Weight": 1}]


def test_a_redirect_is_read_back_whole(elb, network):
    redirect = [
        {"Type": "redirect", "RedirectConfig": {"Protocol": "HTTPS", "Port": "443", "StatusCode": "HTTP_301"}}
    ]
    listener = make_listener(elb, make_alb(elb, network), redirect)
    config = elb.describe_listeners(ListenerArns=[listener])["Listeners"][0]["DefaultActions"][0][
        "RedirectConfig"
    ]
    assert (config["Host"], config["Path"], config["Query"]) == ("#{host}", "/#{path}", "#{query}")


def test_an_https_listener_needs_a_certificate(elb, network):
    alb = make_alb(elb, network)
    with pytest.raises(ClientError, match="certificate must be specified"):
        elb.create_listener(LoadBalancerArn=alb, Protocol="HTTPS", Port=443, DefaultActions=NOT_FOUND)


@pytest.mark.parametrize("form", [{"Values": ["/a"]}, {"PathPatternConfig": {"Values": ["/a"]}}])
def test_a_condition_is_read_back_in_both_forms(elb, network, form):
    rule = make_rule(elb, make_listener(elb, make_alb(elb, network)), NOT_FOUND, **form)
    condition = elb.describe_rules(RuleArns=[rule])["Rules"][0]["Conditions"][0]
    assert condition["Values"] == condition["PathPatternConfig"]["Values"] == ["/a"]


def test_a_rule_can_be_modified_in_the_form_it_was_read(elb, network):
    rule = make_rule(elb, make_listener(elb, make_alb(elb, network)), NOT_FOUND)
    changed = [{"Field": "path-pattern", "PathPatternConfig": {"Values": ["/b"]}}]
    elb.modify_rule(RuleArn=rule, Conditions=changed)
    read = elb.describe_rules(RuleArns=[rule])["Rules"][0]
    assert read["Conditions"][0]["Values"] == ["/b"]
    assert read["Actions"][0]["Type"] == "fixed-response"


def test_a_rule_has_five_condition_values_at_most(elb, network):
    listener = make_listener(elb, make_alb(elb, network))
    with pytest.raises(ClientError, match="condition values"):
        make_rule(elb, listener, NOT_FOUND, PathPatternConfig={"Values": [f"/{i}" for i in range(6)]})


def test_a_used_priority_is_refused(elb, network):
    listener = make_listener(elb, make_alb(elb, network))
    make_rule(elb, listener, NOT_FOUND)
    with pytest.raises(ClientError) as refused:
        make_rule(elb, listener, NOT_FOUND)
    assert code_of(refused) == "PriorityInUse"


def test_two_rules_can_change_places_at_once(elb, network):
    listener = make_listener(elb, make_alb(elb, network))
    one, two = make_rule(elb, listener, NOT_FOUND, 1), make_rule(elb, listener, NOT_FOUND, 2)
    elb.set_rule_priorities(RulePriorities=[{"RuleArn": one, "Priority": 2}, {"RuleArn": two, "Priority": 1}])
    rules = elb.describe_rules(ListenerArn=listener)["Rules"]
    assert [(r["RuleArn"], r["Priority"]) for r in rules[:2]] == [(two, "1"), (one, "2")]
    with pytest.raises(ClientError) as refused:
        elb.set_rule_priorities(RulePriorities=[{"RuleArn": one, "Priority": 1}])
    assert code_of(refused) == "PriorityInUse"


def test_the_default_rule_is_not_deleted(elb, network):
    rules = elb.describe_rules(ListenerArn=make_listener(elb, make_alb(elb, network)))["Rules"]
    assert [r["Priority"] for r in rules] == ["default"]
    with pytest.raises(ClientError) as refused:
        elb.delete_rule(RuleArn=rules[0]["RuleArn"])
    assert code_of(refused) == "OperationNotPermitted"


def test_deleting_a_load_balancer_frees_its_target_groups(elb, network):
    alb, group = make_alb(elb, network), make_group(elb, network)
    listener = make_listener(elb, alb)
    rule = make_rule(elb, listener, forward(group))
    elb.delete_load_balancer(LoadBalancerArn=alb)
    elb.delete_target_group(TargetGroupArn=group)
    with pytest.raises(ClientError) as refused:
        elb.describe_rules(RuleArns=[rule])
    assert code_of(refused) == "RuleNotFound"


def test_tags_are_read_of_twenty_at_most_and_of_present_ones(elb, network):
    alb = make_alb(elb, network)
    with pytest.raises(ClientError) as refused:
        elb.describe_tags(ResourceArns=[alb] * 21)
    assert code_of(refused) == "ValidationError"
    elb.delete_load_balancer(LoadBalancerArn=alb)
    with pytest.raises(ClientError) as refused:
        elb.describe_tags(ResourceArns=[alb])
    assert code_of(refused) == "LoadBalancerNotFound"


def test_a_resource_takes_more_than_ten_tags(elb, network):
    alb = make_alb(elb, network)
    elb.add_tags(ResourceArns=[alb], Tags=[{"Key": f"k{i}", "Value": "v"} for i in range(12)])
    assert len(elb.describe_tags(ResourceArns=[alb])["TagDescriptions"][0]["Tags"]) == 12


def test_a_load_balancer_takes_a_hundred_target_groups(elb, network):
    listener = make_listener(elb, make_alb(elb, network))
    groups = [make_group(elb, network, f"g{n}") for n in range(101)]
    fives = [weighted(*((group, 1) for group in groups[n : n + 5])) for n in range(0, 100, 5)]
    rules = [make_rule(elb, listener, actions, n) for n, actions in enumerate(fives, 1)]
    with pytest.raises(ClientError) as refused:
        make_rule(elb, listener, forward(groups[100]), 101)
    assert code_of(refused) == "TooManyUniqueTargetGroupsPerLoadBalancer"
    make_rule(elb, listener, forward(groups[0]), 101)  # no further group
    elb.delete_rule(RuleArn=rules[-1])
    make_rule(elb, listener, forward(groups[100]), 100)


def weighted(*weights: tuple[str, int]) -> Any:
    groups = [{"TargetGroupArn": group, "Weight": weight} for group, weight in weights]
    return [{"Type": "forward", "ForwardConfig": {"TargetGroups": groups}}]


def test_a_group_at_weight_0_is_in_use_and_stands_beside_no_other_form(elb, network):
    old, new = make_group(elb, network, "old"), make_group(elb, network, "new")
    listener = make_listener(elb, make_alb(elb, network), weighted((old, 1), (new, 0)))
    (action,) = elb.describe_listeners(ListenerArns=[listener])["Listeners"][0]["DefaultActions"]
    assert "TargetGroupArn" not in action
    assert [group["Weight"] for group in action["ForwardConfig"]["TargetGroups"]] == [1, 0]
    with pytest.raises(ClientError) as refused:
        elb.delete_target_group(TargetGroupArn=new)
    assert code_of(refused) == "ResourceInUse"


def test_six_groups_and_a_weight_of_1000_are_refused(elb, network):
    alb, groups = make_alb(elb, network), [make_group(elb, network, f"tg-{n}") for n in range(6)]
    with pytest.raises(ClientError) as refused:
        make_listener(elb, alb, weighted(*((group, 1) for group in groups)))
    assert code_of(refused) == "TooManyTargetGroups"
    with pytest.raises(ClientError, match="between 0 and 999"):
        make_listener(elb, alb, weighted((groups[0], 1000)))
