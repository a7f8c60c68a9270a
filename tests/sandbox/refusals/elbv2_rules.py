"""Refused calls of ELBv2 about rules."""

from makers import NOT_FOUND, forward

from refusals.balancing import CONDITIONS, GROUP, LISTENER, MANY, RULE, Params, Stage, absent, redirect
from refusals.forwards import SIX_ACTIONS, forwarded, many_groups, other_group, tcp_group, unique_groups
from refusals.probe import Probe

OPERATIONS = (
    "CreateRule",
    "DeleteRule",
    "DescribeRules",
    "ModifyRule",
    "SetRulePriorities",
)


def hundred_rules() -> Params:
    stage = Stage()
    listener = stage.listener()
    for priority in range(1, 101):
        stage.elb.create_rule(ListenerArn=listener, Priority=priority, Conditions=CONDITIONS, Actions=NOT_FOUND)
    return stage.new_rule(Priority=101)


def used_priority() -> Params:
    stage = Stage()
    rule = stage.rule(1)
    stage.rule(2)
    return {"RulePriorities": [{"RuleArn": rule, "Priority": 2}]}


def _same_priority() -> Params:
    stage = Stage()
    stage.rule(2)
    return stage.new_rule()


def _grpc_group(where: str) -> Params:
    stage = Stage()
    return forwarded(stage, stage.group(ProtocolVersion="GRPC"), where)


PROBES = [
    *(
        Probe("CreateRule", code, make)
        for code, make in (
            ("PriorityInUse", _same_priority),
            ("TooManyTargetGroups", lambda: Stage().new_rule(Actions=many_groups())),
            ("TooManyRules", hundred_rules),
            ("TargetGroupAssociationLimit", lambda: other_group("rule")),
            ("IncompatibleProtocols", lambda: tcp_group("rule")),
            ("ListenerNotFound", lambda: Stage().new_rule(ListenerArn=LISTENER)),
            ("TargetGroupNotFound", lambda: Stage().new_rule(Actions=forward(GROUP))),
            ("InvalidConfigurationRequest", lambda: _grpc_group("rule")),
            ("TooManyActions", lambda: Stage().new_rule(Actions=SIX_ACTIONS)),
            ("InvalidLoadBalancerAction", lambda: Stage().new_rule(Actions=redirect())),
            ("TooManyUniqueTargetGroupsPerLoadBalancer", lambda: unique_groups("rule")),
            ("TooManyTags", lambda: Stage().new_rule(Tags=MANY)),
        )
    ),
    Probe("DeleteRule", "RuleNotFound", absent(RuleArn=RULE)),
    Probe("DeleteRule", "OperationNotPermitted", lambda: {"RuleArn": Stage().default_rule()}),
    Probe("DescribeRules", "ListenerNotFound", absent(ListenerArn=LISTENER)),
    Probe("DescribeRules", "RuleNotFound", absent(RuleArns=[RULE])),
    Probe("ModifyRule", "RuleNotFound", absent(RuleArn=RULE, Actions=NOT_FOUND)),
    Probe(
        "ModifyRule",
        "OperationNotPermitted",
        lambda: {"RuleArn": Stage().default_rule(), "Conditions": CONDITIONS},
    ),
    *(
        Probe("ModifyRule", code, make)
        for code, make in (
            ("TargetGroupAssociationLimit", lambda: other_group("changed rule")),
            ("IncompatibleProtocols", lambda: tcp_group("changed rule")),
            ("TargetGroupNotFound", lambda: {"RuleArn": Stage().rule(), "Actions": forward(GROUP)}),
            ("TooManyActions", lambda: {"RuleArn": Stage().rule(), "Actions": SIX_ACTIONS}),
            ("InvalidLoadBalancerAction", lambda: {"RuleArn": Stage().rule(), "Actions": redirect()}),
            ("TooManyUniqueTargetGroupsPerLoadBalancer", lambda: unique_groups("changed rule")),
        )
    ),
    Probe("SetRulePriorities", "RuleNotFound", absent(RulePriorities=[{"RuleArn": RULE, "Priority": 1}])),
    Probe("SetRulePriorities", "PriorityInUse", used_priority),
    Probe(
        "SetRulePriorities",
        "OperationNotPermitted",
        lambda: {"RulePriorities": [{"RuleArn": Stage().default_rule(), "Priority": 1}]},
    ),
]
