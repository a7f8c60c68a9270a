"""Listener rules: which requests go to which target group. AWS lets no two of a listener have one priority."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Annotated, Any, ClassVar

from pydantic import Field

from reconciler.aws.reads import Reads
from reconciler.model import tags
from reconciler.model.references import Ref, refers_to
from reconciler.model.spec import IMMUTABLE, UNCOMPARED, Live, Spec
from reconciler.model.steps import Call, ErrorMatch, Step
from reconciler.resources import elb
from reconciler.resources.kind import Kind, Relations, actions

FORMS = {"path-pattern": "PathPatternConfig", "host-header": "HostHeaderConfig"}
# A listener made just now; a rule of ours that is about to leave the priority.
NOT_YET = (ErrorMatch("ListenerNotFound", patience=20), "TargetGroupNotFound")
PATIENCE = 120  # seconds

Place = tuple[str, int]  # a listener's ARN and a priority, which only one rule can have


class ListenerRule(Spec):
    """A rule that forwards to one target group."""

    kind: ClassVar[str] = "listener_rule"
    listener: Annotated[Ref, refers_to("listener"), IMMUTABLE]
    priority: int
    """Rules are tried from the lowest."""
    paths: frozenset[str] = frozenset()
    hosts: frozenset[str] = frozenset()
    other_conditions: frozenset[str] = frozenset()
    """What else a request must fulfil, as AWS tells it: nothing, in ours."""
    target_group: Annotated[Ref, refers_to("target_group")]
    sends_to: Annotated[frozenset[Annotated[Ref, refers_to("target_group")]], UNCOMPARED] = frozenset()
    """Live only: all target groups that it forwards to, also where it is none of ours that forwards to several."""
    moves: Annotated[dict[str, int], UNCOMPARED] = Field(default_factory=dict)
    """Of a live one whose priority is not as wanted: what must move with it, ARN to priority, itself included."""


def read(reads: Reads) -> Iterator[Live[ListenerRule]]:
    marks, names = elb.tags_of(reads), elb.names(reads)
    wanted, present = reads.wanted(ListenerRule), frozenset(names.values())
    at = {(want.listener.name, want.priority): name for name, want in wanted.items()}
    stands: dict[Place, str] = {}
    then: dict[str, Place] = {}
    found: dict[str, ListenerRule] = {}
    for listener, rule in elb.rules(reads):
        arn, where, priority = rule["RuleArn"], listener["ListenerArn"], int(rule["Priority"])
        if arn not in names and where not in names:
            continue
        place = at.get((names.get(where, ""), priority))
        name = (
            elb.plan_name(names.get(arn), place, wanted, present)
            or f"{elb.place(listener)} priority {priority}"
        )
        stands[where, priority] = arn
        if arn in names and name in wanted and wanted[name].listener.name == names.get(where):
            then[arn] = where, wanted[name].priority
        found[arn] = from_aws(name, marks.get(arn, {}), where, rule)
    for arn, spec in found.items():
        moved = spec.model_copy(update={"moves": moves(arn, stands, then)})
        yield Live(moved, {"id": arn}, tags.owner(spec.tags))


def moves(arn: str, stands: Mapping[Place, str], then: Mapping[str, Place]) -> dict[str, int]:
    """The rule's wanted priority, and those of the rules that must make room for it in the same call.

    `stands`: which rule is where; `then`: where those that are ours and wanted have to be. Empty: it is there.
    """
    chain, rule = dict[str, int](), arn
    while rule in then and rule not in chain and stands.get(then[rule]) != rule:
        chain[rule] = then[rule][1]
        rule = stands.get(then[rule], "")
    return chain


def from_aws(name: str, owned: tags.Tags, listener: str, rule: Mapping[str, Any]) -> ListenerRule:
    """Return the spec of what DescribeRules tells of a rule of this listener."""
    return ListenerRule(
        name=name,
        tags=owned,
        listener=listener,
        priority=rule["Priority"],
        target_group=forwarded_to(rule["Actions"]),
        sends_to=elb.sends_to(rule["Actions"]),
        **conditions(rule["Conditions"]),
    )


def conditions(found: Iterable[Mapping[str, Any]]) -> dict[str, frozenset[str]]:
    """AWS tells path and host patterns twice, in Values and in the form of their own; what was sent, once."""
    fields: dict[str, set[str]] = {"path-pattern": set(), "host-header": set(), "": set()}
    for condition in found:
        field = condition["Field"]
        config = condition.get(FORMS.get(field, ""), {})
        if field in FORMS and "RegexValues" not in config:
            fields[field].update(config.get("Values") or condition.get("Values", ()))
        else:
            given = {k: v for k, v in condition.items() if v}
            fields[""].add(json.dumps(given, sort_keys=True))
    names = {"path-pattern": "paths", "host-header": "hosts", "": "other_conditions"}
    return {names[field]: frozenset(values) for field, values in fields.items()}


def forwarded_to(actions: Sequence[Mapping[str, Any]]) -> str:
    """ARN of the target group, of one plain forward; else words for what was found, which no wanted one equals."""
    kinds = ", ".join(a["Type"] for a in actions)
    if kinds != "forward":
        return kinds
    config = actions[0].get("ForwardConfig", {})
    groups = config.get("TargetGroups") or [{"TargetGroupArn": actions[0]["TargetGroupArn"]}]
    sticky = config.get("TargetGroupStickinessConfig", {}).get("Enabled", False)
    if len(groups) == 1 and not sticky:
        return str(groups[0]["TargetGroupArn"])
    shares = ", ".join(f"{g['TargetGroupArn']} {g.get('Weight', 1)}" for g in groups)
    return f"forward to {shares}{', sticky' if sticky else ''}"


def _as_conditions(want: ListenerRule) -> list[dict[str, Any]]:
    values = {"path-pattern": want.paths, "host-header": want.hosts}
    return [{"Field": f, FORMS[f]: {"Values": sorted(v)}} for f, v in values.items() if v]


def ensure_listener_rule(want: ListenerRule, live: Live[ListenerRule] | None) -> Iterator[Step]:
    conditions = {"Conditions": _as_conditions(want)}
    actions = {"Actions": [{"Type": "forward", "TargetGroupArn": want.target_group}]}
    if not live:
        params = {"ListenerArn": want.listener, "Priority": want.priority, "Tags": tags.encode(want.tags)}
        yield _call("create_rule", params | conditions | actions, {"id": "Rules[0].RuleArn"})
        return
    yield from tags.retag(tags.ELB, want, live)
    matched = [(getattr(want, f), getattr(live.spec, f)) for f in ("paths", "hosts", "other_conditions")]
    changes = conditions if any(new != old for new, old in matched) else {}
    changes = changes | (actions if want.target_group != live.spec.target_group else {})
    if changes:
        yield _call("modify_rule", {"RuleArn": want.ref(), **changes})
    if want.priority != live.spec.priority:
        together = {live.outputs["id"]: want.priority} | live.spec.moves
        order = [{"RuleArn": arn, "Priority": priority} for arn, priority in together.items()]
        yield _call("set_rule_priorities", {"RulePriorities": order})


def _call(operation: str, params: Mapping[str, Any], outputs: Mapping[str, str] | None = None) -> Call:
    return Call("elbv2", operation, params, outputs or {}, retry=NOT_YET, patience=PATIENCE)


def remove(live: Live[ListenerRule]) -> Iterator[Step]:
    yield Call("elbv2", "delete_rule", {"RuleArn": live.outputs["id"]}, ignore=("RuleNotFound",))


def clashes(live: ListenerRule, want: ListenerRule) -> bool:
    """A listener has one rule to a priority."""
    return (live.listener, live.priority) == (want.listener, want.priority)


KIND = Kind(
    ListenerRule,
    read,
    ensure_listener_rule,
    remove,
    relations=Relations(clashes=clashes),
    tagging=tags.ELB,
    actions=actions(
        "elasticloadbalancing",
        "AddTags CreateRule DeleteRule DescribeListeners DescribeLoadBalancers DescribeRules "
        "DescribeTags DescribeTargetGroups ModifyRule SetRulePriorities",
    ),
)
