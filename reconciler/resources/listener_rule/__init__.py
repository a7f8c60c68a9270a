"""Listener rules: they forward requests to target groups. Priorities are unique in a listener."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from reconciler.aws.reads import Reads
from reconciler.model import tags
from reconciler.model.newness import if_new
from reconciler.model.spec import Live
from reconciler.model.steps import Call, ErrorMatch, Step
from reconciler.resources import elb
from reconciler.resources.kind import Kind, Relations, actions
from reconciler.resources.listener.naming import format_port
from reconciler.resources.listener_rule.conditions import find_target, from_conditions, to_conditions
from reconciler.resources.listener_rule.hosts import check_hosts
from reconciler.resources.listener_rule.priorities import Position, find_free_priority, find_priority_moves
from reconciler.resources.listener_rule.spec import ListenerRule
from reconciler.resources.naming import plan_name

__all__ = ["KIND", "ListenerRule", "ensure_listener_rule", "from_aws"]

LISTENER_NOT_FOUND = (ErrorMatch("ListenerNotFound", patience=20),)
GROUP_NOT_FOUND = ("TargetGroupNotFound",)
RULE_PATIENCE = 120  # seconds


def read(reads: Reads) -> Iterator[Live[ListenerRule]]:
    tags_by_arn, plan_names = elb.read_tags(reads), elb.read_plan_names(reads)
    desired, present = reads.wanted(ListenerRule), Counter(plan_names.values())
    desired_at = {(want.listener.name, want.priority): name for name, want in desired.items()}
    rule_at: dict[Position, str] = {}
    desired_positions: dict[str, Position] = {}
    specs: dict[str, ListenerRule] = {}
    for listener, rule in elb.list_rules(reads):
        arn, listener_arn, priority = rule["RuleArn"], listener["ListenerArn"], int(rule["Priority"])
        if arn not in plan_names and listener_arn not in plan_names:
            continue
        desired_here = desired_at.get((plan_names.get(listener_arn, ""), priority))
        name = plan_name(plan_names.get(arn), desired_here, desired, present)
        name = name or f"{format_port(listener)} priority {priority}"
        rule_at[listener_arn, priority] = arn
        if (
            arn in plan_names
            and name in desired
            and desired[name].listener.name == plan_names.get(listener_arn)
        ):
            desired_positions[arn] = listener_arn, desired[name].priority
        specs[arn] = from_aws(name, tags_by_arn.get(arn, {}), listener_arn, rule)
    for arn, spec in specs.items():
        moves = find_priority_moves(arn, rule_at, desired_positions)
        yield Live(spec.model_copy(update={"priority_moves": moves}), {"id": arn}, tags.owner(spec.tags))


def from_aws(name: str, resource_tags: tags.Tags, listener_arn: str, rule: elb.Raw) -> ListenerRule:
    """Return the spec of a rule of DescribeRules, with this name in the plan."""
    return ListenerRule(
        name=name,
        tags=resource_tags,
        listener=listener_arn,
        priority=rule["Priority"],
        target_group=find_target(rule["Actions"]),
        forwards_to=elb.find_target_groups(rule["Actions"]),
        **from_conditions(rule["Conditions"]),
    )


def ensure_listener_rule(want: ListenerRule, live: Live[ListenerRule] | None) -> Iterator[Step]:
    conditions = {"Conditions": to_conditions(want)}
    forward = {"Actions": [{"Type": "forward", "TargetGroupArn": want.target_group}]}
    if not live:
        params = {"ListenerArn": want.listener, "Priority": want.priority, "Tags": tags.encode(want.tags)}
        yield _call(want, "create_rule", params | conditions | forward, {"id": "Rules[0].RuleArn"})
        return
    yield from tags.retag(tags.ELB, want, live)
    matched = [(getattr(want, f), getattr(live.spec, f)) for f in ("paths", "hosts", "other_conditions")]
    changes = conditions if any(new != old for new, old in matched) else {}
    changes = changes | (forward if want.target_group != live.spec.target_group else {})
    if changes:
        yield _call(want, "modify_rule", {"RuleArn": want.ref(), **changes})
    if want.priority != live.spec.priority:
        priorities = {live.outputs["id"]: want.priority} | live.spec.priority_moves
        moves = [{"RuleArn": arn, "Priority": priority} for arn, priority in priorities.items()]
        yield _call(want, "set_rule_priorities", {"RulePriorities": moves})


def _call(
    want: ListenerRule, operation: str, params: Mapping[str, Any], outputs: Mapping[str, str] | None = None
) -> Call:
    not_yet = (*if_new(LISTENER_NOT_FOUND, want.listener), *if_new(GROUP_NOT_FOUND, want.target_group))
    return Call("elbv2", operation, params, outputs or {}, retry=not_yet, patience=RULE_PATIENCE)


def remove(live: Live[ListenerRule]) -> Iterator[Step]:
    yield Call("elbv2", "delete_rule", {"RuleArn": live.outputs["id"]}, ignore=("RuleNotFound",))


def clashes(live: ListenerRule, want: ListenerRule) -> bool:
    """Tell whether both have the same priority in one listener, where only one rule can have it."""
    return (live.listener, live.priority) == (want.listener, want.priority)


def place_taken(want: ListenerRule, live: Live[ListenerRule], rules: Iterable[ListenerRule]) -> tuple[str, str]:
    """Return who has the priority, and the next free one in the listener."""
    free = find_free_priority(
        {rule.priority for rule in rules if rule.listener == want.listener}, want.priority
    )
    why = f"priority {want.priority} is taken by rule {live.outputs['id']} of listener {want.listener.name}"
    return why, f"choose another, the next free one is {free}"


def moved(live: ListenerRule, want: ListenerRule) -> bool:
    """Tell whether both are the same route on two listeners: with the same conditions, or the same priority."""
    same = (live.paths, live.hosts) == (want.paths, want.hosts) or live.priority == want.priority
    return live.listener != want.listener and same


KIND = Kind(
    ListenerRule,
    read,
    ensure_listener_rule,
    remove,
    relations=Relations(clashes=clashes, moved=moved, place_taken=place_taken),
    tagging=tags.ELB,
    check=check_hosts,
    actions=actions(
        "elasticloadbalancing",
        "AddTags CreateRule DeleteRule DescribeListeners DescribeLoadBalancers DescribeRules "
        "DescribeTags DescribeTargetGroups ModifyRule SetRulePriorities",
    )
    | actions("acm", "DescribeCertificate")
    | actions("iam", "GetServerCertificate"),
)
