"""Read the rules of our listeners, and of those to which rules of ours belong."""

from collections.abc import Iterator, Mapping

from reconciler.aws.reads import Reads
from reconciler.model import tags
from reconciler.model.spec import Live
from reconciler.resources import elb
from reconciler.resources.dns_zones import ZONES
from reconciler.resources.elb_forward import find_target, find_weights
from reconciler.resources.listener.naming import format_port, name_listeners
from reconciler.resources.listener_rule.answers import find_answer
from reconciler.resources.listener_rule.auth import SECRET_VERSION, from_actions
from reconciler.resources.listener_rule.conditions import from_conditions, from_transforms
from reconciler.resources.listener_rule.naming import FoundRule, name_rules
from reconciler.resources.listener_rule.priorities import find_priority_moves
from reconciler.resources.listener_rule.spec import ListenerRule

OWN_TAGS = (SECRET_VERSION, ZONES)  # which fields of the spec hold


def find_rules(reads: Reads) -> Iterator[Live[ListenerRule]]:
    """Yield our rules, and all others in our listeners and in those that our rules may be in."""
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
        tags={key: value for key, value in resource_tags.items() if key not in OWN_TAGS},
        auth=auth,
        dns_zones=resource_tags.get(ZONES, ""),
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
