"""Listener rules: they forward requests to target groups. Priorities are unique in a listener."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

from reconciler.aws.reads import Reads
from reconciler.model import tags
from reconciler.model.newness import if_new
from reconciler.model.spec import Live
from reconciler.model.steps import Call, ErrorMatch, Later, Step
from reconciler.model.trail import TAGS, TouchedBy
from reconciler.resources import elb
from reconciler.resources.kind import Kind, Relations, actions
from reconciler.resources.listener.naming import format_port, name_listeners
from reconciler.resources.listener_rule.conditions import from_conditions, from_transforms, to_conditions
from reconciler.resources.listener_rule.forward import (
    find_target,
    find_weights,
    forward,
    join,
    wait_until_healthy,
)
from reconciler.resources.listener_rule.hosts import check_hosts
from reconciler.resources.listener_rule.naming import FoundRule, name_rules
from reconciler.resources.listener_rule.priorities import find_free_priority, find_priority_moves
from reconciler.resources.listener_rule.severities import SEVERITIES
from reconciler.resources.listener_rule.spec import ListenerRule

__all__ = ["KIND", "ListenerRule", "ensure_listener_rule", "from_aws"]

LISTENER_NOT_FOUND = (ErrorMatch("ListenerNotFound", patience=20),)
GROUP_NOT_FOUND = ("TargetGroupNotFound",)
RULE_PATIENCE = 120  # seconds


def read(reads: Reads) -> Iterator[Live[ListenerRule]]:
    tags_by_arn, plan_names = elb.read_tags(reads), elb.read_plan_names(reads)
    plan_names |= {arn: name for arn, name in name_listeners(reads).items() if arn in plan_names}
    shared = [listener["ListenerArn"] for listener in elb.list_shared_listeners(reads)]
    plan_names |= dict(zip(shared, shared, strict=True))  # the plan refers to them by their ARNs
    desired = reads.desired.of(ListenerRule)
    specs: dict[str, ListenerRule] = {}
    for listener, rule in elb.list_rules(reads):
        arn, listener_arn = rule["RuleArn"], listener["ListenerArn"]
        if arn in plan_names or listener_arn in plan_names:
            place = f"{format_port(listener)} priority {rule['Priority']}"
            specs[arn] = from_aws(place, tags_by_arn.get(arn, {}), listener_arn, rule)
    names = name_rules((_find(arn, spec, plan_names) for arn, spec in specs.items()), desired)
    rule_at = {(spec.listener.name, spec.priority): arn for arn, spec in specs.items()}
    desired_positions = {
        arn: (spec.listener.name, desired[names[arn]].priority)
        for arn, spec in specs.items()
        if arn in plan_names
        and (want := desired.get(names.get(arn, "")))
        and want.listener.name == plan_names.get(spec.listener.name)
    }
    for arn, spec in specs.items():
        moves = find_priority_moves(arn, rule_at, desired_positions)
        named = spec.model_copy(update={"name": names.get(arn, spec.name), "priority_moves": moves})
        yield Live(named, {"id": arn}, tags.owner(spec.tags))


def _find(arn: str, spec: ListenerRule, plan_names: Mapping[str, str]) -> FoundRule:
    conditions = spec.paths, spec.hosts, spec.other_conditions
    listener = plan_names.get(spec.listener.name, "")
    return FoundRule(arn, listener, spec.priority, conditions, plan_names.get(arn))


def from_aws(name: str, resource_tags: tags.Tags, listener_arn: str, rule: elb.Raw) -> ListenerRule:
    """Return the spec of a rule of DescribeRules, with this name in the plan."""
    weights, target = find_weights(rule["Actions"]), find_target(rule["Actions"])
    return ListenerRule(
        name=name,
        tags=resource_tags,
        listener=listener_arn,
        priority=int(rule["Priority"]),
        target_group=target,
        idle_groups=frozenset(g for g, weight in weights.items() if not weight) if target in weights else (),
        weights=weights,
        transforms=from_transforms(rule.get("Transforms", ())),
        **from_conditions(rule["Conditions"]),
    )


def ensure_listener_rule(want: ListenerRule, live: Live[ListenerRule] | None) -> Iterator[Step | Later]:
    conditions, only = {"Conditions": to_conditions(want)}, forward({want.target_group: 1})
    if not live:
        params = {"ListenerArn": want.listener, "Priority": want.priority, "Tags": tags.encode(want.tags)}
        yield _call(want, "create_rule", params | conditions | only, {"id": "Rules[0].RuleArn"})
        return
    yield from tags.retag(tags.ELB, want, live)
    matched = [(getattr(want, f), getattr(live.spec, f)) for f in ("paths", "hosts", "other_conditions")]
    changes: dict[str, Any] = conditions if any(new != old for new, old in matched) else {}
    changes |= {"ResetTransforms": True} if live.spec.transforms else {}
    moves = want.target_group != live.spec.target_group
    if not (moves and _must_wait(want, live.spec)):
        changes, moves = changes | (only if moves else {}), False
    elif want.target_group not in live.spec.weights:
        yield _call(
            want, "modify_rule", {"RuleArn": want.ref(), **forward(join(want.target_group, live.spec.weights))}
        )
    if changes and not moves:
        yield _call(want, "modify_rule", {"RuleArn": want.ref(), **changes})
    if want.priority != live.spec.priority:
        priorities = {live.outputs["id"]: want.priority} | live.spec.priority_moves
        rules = [{"RuleArn": arn, "Priority": priority} for arn, priority in priorities.items()]
        yield _call(want, "set_rule_priorities", {"RulePriorities": rules})
    if moves:
        yield from _move(want, live.spec, changes)
    if moves or live.spec.idle_groups:
        yield Later(
            "other groups", "the other target groups leave it last", rolled_out=want.served_by, last=True
        )
        yield _call(want, "modify_rule", {"RuleArn": want.ref(), **only})


def _must_wait(want: ListenerRule, live: ListenerRule) -> bool:
    """Tell whether other groups receive the requests, and this one may still be empty."""
    return want.served_by is not None and not live.weights.get(want.target_group) and bool(live.weights)


def _move(want: ListenerRule, live: ListenerRule, conditions: Mapping[str, Any]) -> Iterator[Step | Later]:
    """Yield the steps that move all weight to the group, together with new conditions."""
    service = want.served_by.name if want.served_by else ""
    joins = "" if want.target_group in live.weights else "joins at weight 0, and "
    why = f"{want.target_group.name} {joins}gets the requests once {service} has rolled out"
    before = {group: weight for group, weight in live.weights.items() if group != want.target_group}
    back = (
        (_call(want, "modify_rule", {"RuleArn": want.ref(), **forward(before)}),)
        if any(before.values())
        else ()
    )
    yield Later("traffic", why, rolled_out=want.served_by, otherwise=back)
    yield from wait_until_healthy(want.target_group)
    weights = dict.fromkeys(join(want.target_group, live.weights), 0) | {want.target_group: 1}
    yield _call(want, "modify_rule", {"RuleArn": want.ref(), **conditions, **forward(weights)})


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


def moves_after(live: Live[ListenerRule], want: ListenerRule, deleted: Collection[str]) -> bool:
    """Tell whether its target group moves from a load balancer that is deleted.

    A target group cannot be behind two (botocore, CreateRule).
    """
    if live.spec.target_group != want.target_group:
        return False
    start, _, path = live.outputs["id"].partition(":listener-rule/")
    balancer = "/".join(path.split("/")[:3])  # app/NAME/ID/LISTENER/RULE
    return f"{start}:loadbalancer/{balancer}" in deleted


KIND = Kind(
    ListenerRule,
    read,
    ensure_listener_rule,
    remove,
    relations=Relations(clashes=clashes, moved=moved, moves_after=moves_after, place_taken=place_taken),
    tagging=tags.ELB,
    severities=SEVERITIES,
    check=check_hosts,
    indexed_as="elasticloadbalancing:loadbalancer/",
    touched_by=TouchedBy(
        "elasticloadbalancing.amazonaws.com",
        {"ruleArn": "id", "resourceArns": "id"},
        made_by=("CreateRule",),
        deleted_by=("DeleteRule",),
        changed_by={
            "priority": ("SetRulePriorities",),
            "": ("ModifyRule",),
            TAGS: ("AddTags", "RemoveTags"),
        },
        parameters={
            "paths": "conditions",
            "hosts": "conditions",
            "target_group": "actions",
        },
        nameless=True,
    ),
    actions=actions(
        "elasticloadbalancing",
        "AddTags CreateRule DeleteRule DescribeListenerCertificates DescribeListeners DescribeLoadBalancers DescribeRules "
        "DescribeTags DescribeTargetGroups DescribeTargetHealth ModifyRule SetRulePriorities",
    )
    | actions("acm", "DescribeCertificate")
    | actions("iam", "GetServerCertificate"),
)
