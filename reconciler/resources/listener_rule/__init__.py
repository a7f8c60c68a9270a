"""Listener rules: they forward requests to target groups. Priorities are unique in a listener."""

from collections.abc import Collection, Iterable, Iterator
from typing import Any

from reconciler.aws.reads import Reads
from reconciler.model import tags
from reconciler.model.spec import Live
from reconciler.model.steps import Call, Later, Step
from reconciler.model.trail import TAGS, TouchedBy
from reconciler.resources.kind import Kind, Relations, actions
from reconciler.resources.listener_rule.all_actions import act, needs_secret
from reconciler.resources.listener_rule.auth import CHANGING, SECRET_VERSION
from reconciler.resources.listener_rule.calls import create, modify, secret_tag, set_priorities, whole_weight
from reconciler.resources.listener_rule.conditions import CONDITIONS, to_conditions
from reconciler.resources.listener_rule.hosts import check_hosts
from reconciler.resources.listener_rule.moving import join_group, leave_alone, move, must_wait
from reconciler.resources.listener_rule.priorities import find_free_priority
from reconciler.resources.listener_rule.reading import find_rules, from_aws
from reconciler.resources.listener_rule.severities import CORRECTING, DRIFT_NOTES, SEVERITIES
from reconciler.resources.listener_rule.spec import ListenerRule
from reconciler.resources.zone_tag import narrow_zone_tag, widen_zone_tag

__all__ = ["KIND", "ListenerRule", "ensure_listener_rule", "from_aws"]


def read(reads: Reads) -> Iterator[Live[ListenerRule]]:
    yield from find_rules(reads)


def ensure_listener_rule(want: ListenerRule, live: Live[ListenerRule] | None) -> Iterator[Step | Later]:
    if not live:
        yield create(want)
        return
    new_secret = needs_secret(want, live.spec)
    is_another = new_secret and want.secret_version != live.spec.secret_version
    waits, conditions = must_wait(want, live.spec), _find_conditions(want, live.spec)
    yield from tags.retag(tags.ELB, want, live)
    yield from widen_zone_tag(want, live.spec)
    if is_another and live.spec.secret_version not in (None, CHANGING):
        yield tags.ELB.call(want.ref(), {SECRET_VERSION: CHANGING})
    if waits:
        logs_in_anew = new_secret or want.auth != live.spec.auth
        yield from join_group(want, live.spec, logs_in_anew=logs_in_anew, new_secret=new_secret)
    elif changes := {**conditions, **_find_actions(want, live.spec, new_secret=new_secret)}:
        yield modify(want, changes)
    if is_another:  # only now: the rule has it
        yield tags.ELB.call(want.ref(), secret_tag(want))
    yield from set_priorities(want, live)
    if waits:
        yield from move(want, live.spec, conditions)
    if waits or (live.spec.idle_groups and not want.answer):
        yield from leave_alone(want)
    yield from narrow_zone_tag(want, live.spec)


def _find_conditions(want: ListenerRule, live: ListenerRule) -> dict[str, Any]:
    """Return the parameters that change its conditions, and end what it rewrites in requests."""
    changed = {"Conditions": to_conditions(want)} if want.conditions != live.conditions else {}
    return changed | ({"ResetTransforms": True} if live.transforms else {})


def _find_actions(want: ListenerRule, live: ListenerRule, *, new_secret: bool) -> dict[str, Any]:
    """Return the parameter that changes its actions at once."""
    if (want.target_group, want.answer) != (live.target_group, live.answer):
        return act(want, whole_weight(want), new_secret=new_secret)
    if new_secret or want.auth != live.auth:
        return act(want, live.weights or whole_weight(want), new_secret=new_secret)
    return {}


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
            **dict.fromkeys(("secret_version", "dns_zones"), ("AddTags", "RemoveTags")),
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
