"""The calls that make and change a rule."""

from collections.abc import Iterator, Mapping
from typing import Any

from reconciler.model import tags
from reconciler.model.newness import if_new
from reconciler.model.spec import Live
from reconciler.model.steps import Call
from reconciler.resources.elb_forward import GROUP_NOT_FOUND, LISTENER_NOT_FOUND, Weights
from reconciler.resources.listener_rule.all_actions import act
from reconciler.resources.listener_rule.auth import SECRET_VERSION
from reconciler.resources.listener_rule.conditions import to_conditions
from reconciler.resources.listener_rule.spec import ListenerRule
from reconciler.resources.zone_tag import make_zone_tag

PATIENCE = 120  # seconds


def create(want: ListenerRule) -> Call:
    """Return the call that makes the rule with all weight at its group."""
    params = {
        "ListenerArn": want.listener,
        "Priority": want.priority,
        "Tags": tags.encode({**want.tags, **secret_tag(want), **make_zone_tag(want)}),
        "Conditions": to_conditions(want),
        **act(want, whole_weight(want), new_secret=True),
    }
    return _call(want, "create_rule", params, {"id": "Rules[0].RuleArn"})


def modify(want: ListenerRule, changes: Mapping[str, Any]) -> Call:
    """Return the call that gives the rule these parameters of ModifyRule."""
    return _call(want, "modify_rule", {"RuleArn": want.ref(), **changes})


def set_priorities(want: ListenerRule, live: Live[ListenerRule]) -> Iterator[Call]:
    """Yield the call that moves the rule to its priority, together with those that make room for it."""
    if want.priority != live.spec.priority:
        priorities = {live.outputs["id"]: want.priority} | live.spec.priority_moves
        rules = [{"RuleArn": arn, "Priority": priority} for arn, priority in priorities.items()]
        yield _call(want, "set_rule_priorities", {"RulePriorities": rules})


def whole_weight(want: ListenerRule) -> Weights:
    """Return all weight at the rule's group; none if it answers itself."""
    return {want.target_group: 1} if want.target_group else {}


def secret_tag(want: ListenerRule) -> dict[str, str]:
    """Return the tag that says which version of a client secret the rule was given."""
    return {SECRET_VERSION: want.secret_version} if want.secret_version else {}


def _call(
    want: ListenerRule, operation: str, params: Mapping[str, Any], outputs: Mapping[str, str] | None = None
) -> Call:
    group = if_new(GROUP_NOT_FOUND, want.target_group) if want.target_group else ()
    not_yet = (*if_new(LISTENER_NOT_FOUND, want.listener), *group)
    return Call("elbv2", operation, params, outputs or {}, retry=not_yet, patience=PATIENCE)
