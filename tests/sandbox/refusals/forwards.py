"""Actions and load balancers that several tables of refused calls have in common."""

from typing import Any

from makers import NOT_FOUND, forward

from refusals.balancing import GROUP, Params, Stage

SIX_ACTIONS = [{**NOT_FOUND[0], "Order": order} for order in range(1, 7)]


def named(name: str, **other: Any) -> Params:
    stage = Stage()
    return stage.new_balancer(**{"Name": "alb", **other}) if name == "balancer" else stage.new_group(**other)


def many_groups() -> list[Any]:
    """Return a forward to six groups."""
    groups = [{"TargetGroupArn": GROUP[:-1] + str(number)} for number in range(6)]
    return [{"Type": "forward", "ForwardConfig": {"TargetGroups": groups}}]


def unique_groups(where: str) -> Params:
    """Return the parameters that would add the 101st target group to a load balancer."""
    stage = Stage()
    groups = [stage.group(f"g{number}") for number in range(101)]
    for start in range(0, 100, 5):
        config = {"TargetGroups": [{"TargetGroupArn": arn} for arn in groups[start : start + 5]]}
        actions = [{"Type": "forward", "ForwardConfig": config}]
        stage.elb.create_rule(**stage.new_rule(Priority=10 + start, Actions=actions))
    return forwarded(stage, groups[100], where)


def forwarded(stage: Stage, group: str, where: str) -> Params:
    """Return the parameters of a listener or rule, new or changed, that forwards to the group."""
    match where:
        case "listener":
            return stage.new_listener(DefaultActions=forward(group))
        case "rule":
            return stage.new_rule(Actions=forward(group))
        case "changed":
            return {"ListenerArn": stage.listener(), "DefaultActions": forward(group)}
    return {"RuleArn": stage.rule(), "Actions": forward(group)}


def other_group(where: str) -> Params:
    stage = Stage()
    return forwarded(stage, stage.taken_group(), where)


def tcp_group(where: str) -> Params:
    stage = Stage()
    return forwarded(stage, stage.group(Protocol="TCP"), where)
