"""Listener rules: they forward requests to target groups. Priorities are unique in a listener."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

from reconciler.aws.reads import Reads
from reconciler.model import tags
from reconciler.model.newness import if_new
from reconciler.model.references import Ref
from reconciler.model.spec import Live
from reconciler.model.steps import Call, Later, Step
from reconciler.model.trail import TAGS, TouchedBy
from reconciler.resources import elb
from reconciler.resources.elb_forward import (
    GROUP_NOT_FOUND,
    LISTENER_NOT_FOUND,
    Weights,
    find_target,
    find_weights,
    join,
    wait_until_healthy,
)
from reconciler.resources.kind import Kind, Relations, actions
from reconciler.resources.listener.naming import format_port, name_listeners
from reconciler.resources.listener_rule.all_actions import act, needs_secret
from reconciler.resources.listener_rule.answers import find_answer
from reconciler.resources.listener_rule.auth import CHANGING, SECRET_VERSION, from_actions
from reconciler.resources.listener_rule.conditions import (
    CONDITIONS,
    from_conditions,
    from_transforms,
    to_conditions,
)
from reconciler.resources.listener_rule.hosts import check_hosts
from reconciler.resources.listener_rule.naming import FoundRule, name_rules
from reconciler.resources.listener_rule.priorities import find_free_priority, find_priority_moves
from reconciler.resources.listener_rule.severities import CORRECTING, DRIFT_NOTES, SEVERITIES
from reconciler.resources.listener_rule.spec import ListenerRule

__all__ = ["KIND", "ListenerRule", "ensure_listener_rule", "from_aws"]

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
    listener = plan_names.get(spec.listener.name, "")
    return FoundRule(arn, listener, spec.priority, spec.conditions, plan_names.get(arn))


def from_aws(name: str, resource_tags: tags.Tags, listener_arn: str, rule: elb.Raw) -> ListenerRule:
    """Return the spec of a rule of DescribeRules, with this name in the plan."""
    auth, others = from_actions(rule["Actions"])
    weights, target = find_weights(others), find_target(others)
    answer = find_answer(others)
    return ListenerRule(
        name=name,
        tags={key: value for key, value in resource_tags.items() if key != SECRET_VERSION},
        auth=auth,
        secret_version=resource_tags.get(SECRET_VERSION),
        listener=listener_arn,
        priority=int(rule["Priority"]),
        target_group=None if answer else target,
        answer=answer,
        idle_groups=frozenset(g for g, weight in weights.items() if not weight) if target in weights else (),
        weights=weights,
        transforms=from_transforms(rule.get("Transforms", ())),
        **from_conditions(rule["Conditions"]),
    )


def ensure_listener_rule(want: ListenerRule, live: Live[ListenerRule] | None) -> Iterator[Step | Later]:
    only: Weights = {want.target_group: 1} if want.target_group else {}
    conditions = {"Conditions": to_conditions(want)}
    secret_tag = {SECRET_VERSION: want.secret_version} if want.secret_version else {}
    if not live:
        params = {"ListenerArn": want.listener, "Priority": want.priority}
        params |= {"Tags": tags.encode({**want.tags, **secret_tag}), **conditions}
        params |= act(want, only, new_secret=True)
        yield _call(want, "create_rule", params, {"id": "Rules[0].RuleArn"})
        return
    yield from tags.retag(tags.ELB, want, live)
    changes: dict[str, Any] = conditions if want.conditions != live.spec.conditions else {}
    changes |= {"ResetTransforms": True} if live.spec.transforms else {}
    moves = (want.target_group, want.answer) != (live.spec.target_group, live.spec.answer)
    new_secret = needs_secret(want, live.spec)
    logs_in_anew = new_secret or want.auth != live.spec.auth
    is_another = new_secret and want.secret_version != live.spec.secret_version
    if is_another and live.spec.secret_version not in (None, CHANGING):
        yield tags.ELB.call(want.ref(), {SECRET_VERSION: CHANGING})
    if want.target_group and moves and _must_wait(want, live.spec):
        if logs_in_anew or want.target_group not in live.spec.weights:
            joined = join(want.target_group, live.spec.weights)
            yield _modify(want, act(want, joined, new_secret=new_secret))
    else:
        weights = only if moves else live.spec.weights or only
        changes |= act(want, weights, new_secret=new_secret) if moves or logs_in_anew else {}
        moves = False
    if changes and not moves:
        yield _modify(want, changes)
    if is_another:  # only now: the rule has it
        yield tags.ELB.call(want.ref(), secret_tag)
    if want.priority != live.spec.priority:
        priorities = {live.outputs["id"]: want.priority} | live.spec.priority_moves
        rules = [{"RuleArn": arn, "Priority": priority} for arn, priority in priorities.items()]
        yield _call(want, "set_rule_priorities", {"RulePriorities": rules})
    if moves and want.target_group:
        yield from _move(want, want.target_group, live.spec, changes)
    if moves or (live.spec.idle_groups and not want.answer):
        yield Later(
            "other groups", "the other target groups leave it last", rolled_out=want.served_by, last=True
        )
        yield _modify(want, act(want, only))


def _must_wait(want: ListenerRule, live: ListenerRule) -> bool:
    """Tell whether other groups receive the requests, and this one may still be empty."""
    idle = want.target_group is not None and not live.weights.get(want.target_group)
    return want.served_by is not None and idle and bool(live.weights)


def _move(
    want: ListenerRule, group: Ref, live: ListenerRule, conditions: Mapping[str, Any]
) -> Iterator[Step | Later]:
    """Yield the steps that move all weight to the group, together with new conditions."""
    service = want.served_by.name if want.served_by else ""
    joins = "" if group in live.weights else "joins at weight 0, and "
    why = f"{group.name} {joins}gets the requests once {service} has rolled out"
    before = {other: weight for other, weight in live.weights.items() if other != group}
    back = (_modify(want, act(want, before)),) if any(before.values()) else ()
    yield Later("traffic", why, rolled_out=want.served_by, otherwise=back)
    yield from wait_until_healthy(group)
    weights = dict.fromkeys(join(group, live.weights), 0) | {group: 1}
    yield _modify(want, {**conditions, **act(want, weights)})


def _modify(want: ListenerRule, changes: Mapping[str, Any]) -> Call:
    return _call(want, "modify_rule", {"RuleArn": want.ref(), **changes})


def _call(
    want: ListenerRule, operation: str, params: Mapping[str, Any], outputs: Mapping[str, str] | None = None
) -> Call:
    group = if_new(GROUP_NOT_FOUND, want.target_group) if want.target_group else ()
    not_yet = (*if_new(LISTENER_NOT_FOUND, want.listener), *group)
    return Call("elbv2", operation, params, outputs or {}, retry=not_yet, patience=RULE_PATIENCE)


def remove(live: Live[ListenerRule]) -> Iterator[Step]:
    yield Call("elbv2", "delete_rule", {"RuleArn": live.outputs["id"]}, ignore=("RuleNotFound",))


def clashes(live: ListenerRule, want: ListenerRule) -> bool:
    """Tell whether both have the same priority in one listener, where only one rule can have it."""
    return (live.listener, live.priority) == (want.listener, want.priority)


def warn(want: ListenerRule, live: Live[ListenerRule] | None) -> Iterator[str]:
    """Tell that a group joins a rule that has none, so that it is used, and its targets checked, only then."""
    if live and live.spec.answer and want.target_group and want.served_by:
        yield (
            "requests that the load balancer answers itself now are answered 503 until "
            f"{want.served_by.name} has a healthy task"
        )


def place_taken(want: ListenerRule, live: Live[ListenerRule], rules: Iterable[ListenerRule]) -> tuple[str, str]:
    """Return who has the priority, and the next free one in the listener."""
    free = find_free_priority(
        {rule.priority for rule in rules if rule.listener == want.listener}, want.priority
    )
    why = f"priority {want.priority} is taken by rule {live.outputs['id']} of listener {want.listener.name}"
    return why, f"choose another, the next free one is {free}"


def moved(live: ListenerRule, want: ListenerRule) -> bool:
    """Tell whether both are the same route on two listeners: with the same conditions, or the same priority."""
    at_same = live.priority == want.priority and not want.chosen
    same = live.conditions == want.conditions or at_same
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
    warn=warn,
    severities=SEVERITIES,
    drift_notes=DRIFT_NOTES,
    correcting=CORRECTING,
    check=check_hosts,
    indexed_as="elasticloadbalancing:loadbalancer/",
    touched_by=TouchedBy(
        "elasticloadbalancing.amazonaws.com",
        {"ruleArn": "id", "resourceArns": "id"},
        made_by=("CreateRule",),
        deleted_by=("DeleteRule",),
        changed_by={
            "priority": ("SetRulePriorities",),
            "secret_version": ("AddTags", "RemoveTags"),
            "": ("ModifyRule",),
            TAGS: ("AddTags", "RemoveTags"),
        },
        parameters={
            **dict.fromkeys(CONDITIONS, "conditions"),
            "auth": "actions",
            "target_group": "actions",
            "answer": "actions",
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
