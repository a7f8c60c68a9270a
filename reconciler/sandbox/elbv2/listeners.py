"""Listeners and rules as in AWS: one listener for a port; unique priorities, which rules can exchange."""

from typing import Any

from moto.elbv2.exceptions import ELBClientError, PriorityInUseError, RuleNotFoundError
from moto.elbv2.models import ELBv2Backend, FakeListener

from reconciler.sandbox.elbv2.actions import complete_actions, complete_conditions, count_values
from reconciler.sandbox.elbv2.target_groups import forwarded_to, used_groups
from reconciler.sandbox.world import add, wrap

MAX_PRIORITY = 50_000
MAX_CONDITION_VALUES = 5  # of a rule
MAX_TARGET_GROUPS = 100  # of a load balancer, in all of its rules; AWS does not raise it


def install() -> None:
    wrap(ELBv2Backend, "create_listener", _create_listener)
    wrap(ELBv2Backend, "modify_listener", _modify_listener)
    wrap(ELBv2Backend, "create_rule", _create_rule)
    wrap(ELBv2Backend, "modify_rule", _modify_rule)
    wrap(ELBv2Backend, "delete_rule", _delete_rule)
    add(ELBv2Backend, "set_rule_priorities", _set_rule_priorities)
    add(FakeListener, "rules", property(_rules))


def _create_listener(original: Any, elb: Any, **wanted: Any) -> Any:
    balancer = elb.load_balancers.get(wanted["load_balancer_arn"])
    wanted["actions"] = complete_actions(wanted["actions"])
    secure = wanted["protocol"] == "HTTPS"
    if secure and not wanted["certificate"]:
        raise ELBClientError("ValidationError", "A certificate must be specified for HTTPS listeners")
    if secure and not elb._certificate_exists(wanted["certificate"]):
        raise ELBClientError("CertificateNotFound", f"Certificate '{wanted['certificate']}' not found")
    wanted["ssl_policy"] = wanted["ssl_policy"] if secure else None
    for existing in balancer.listeners.values() if balancer else ():
        if int(existing.port) == int(wanted["port"]):
            return _same_or_refuse(existing, wanted)
    _check_association(elb, wanted["load_balancer_arn"], wanted["actions"])
    return original(elb, **wanted)


def _same_or_refuse(existing: Any, wanted: dict[str, Any]) -> Any:
    """Return the listener on this port for an identical create; refuse any other."""
    same = (
        existing.protocol == wanted["protocol"]
        and existing.certificate == wanted["certificate"]
        and existing.ssl_policy == wanted["ssl_policy"]
        and [action.data for action in existing.default_actions] == wanted["actions"]
    )
    if not same:
        message = (
            f"A listener already exists on this port for this load balancer '{existing.load_balancer_arn}'"
        )
        raise ELBClientError("DuplicateListener", message)
    return existing


def _check_association(elb: Any, balancer_arn: str, actions: list[dict[str, Any]]) -> None:
    """Refuse target groups of another load balancer, and more than 100 of one (ELBv2 API reference)."""
    forwarded = {arn for action in actions for arn in forwarded_to(action)}
    balancer = elb.load_balancers.get(balancer_arn)
    if balancer and len(used_groups(balancer) | forwarded) > MAX_TARGET_GROUPS:
        message = "You've reached the limit on the number of unique target groups per load balancer"
        raise ELBClientError("TooManyUniqueTargetGroupsPerLoadBalancer", message)
    for arn in sorted(forwarded):
        group = elb.target_groups.get(arn)
        if group is not None and set(group.load_balancer_arns) - {balancer_arn}:
            message = (
                f"The following target groups cannot be associated with more than one load balancer: {arn}"
            )
            raise ELBClientError("TargetGroupAssociationLimit", message)


def _modify_listener(original: Any, elb: Any, arn: str, port: Any, protocol: Any, *rest: Any) -> Any:
    ssl_policy, certificates, actions = rest
    listener = elb.describe_listeners(None, [arn])[0]
    actions = complete_actions(actions)
    _check_association(elb, listener.load_balancer_arn, actions)
    others = elb.load_balancers[listener.load_balancer_arn].listeners.values()
    if port is not None and any(int(o.port) == int(port) for o in others if o is not listener):
        message = (
            f"A listener already exists on this port for this load balancer '{listener.load_balancer_arn}'"
        )
        raise ELBClientError("DuplicateListener", message)
    answer = original(elb, arn, port, protocol, ssl_policy, certificates, actions)
    if listener.protocol != "HTTPS":
        listener.ssl_policy, listener.certificate, listener.certificates = None, None, []
    return answer


def _create_rule(original: Any, elb: Any, **wanted: Any) -> Any:
    listener = elb.describe_listeners(None, [wanted["listener_arn"]])[0]
    if not 1 <= wanted["priority"] <= MAX_PRIORITY:
        message = f"Rule priority '{wanted['priority']}' must be between 1 and {MAX_PRIORITY}"
        raise ELBClientError("ValidationError", message)
    elb._validate_conditions(wanted["conditions"])
    _check_value_count(wanted["conditions"])
    actions = complete_actions(wanted["actions"])
    _check_association(elb, listener.load_balancer_arn, actions)
    rule = original(elb, **{**wanted, "actions": actions})
    rule.conditions = complete_conditions(wanted["conditions"])
    return rule


def _check_value_count(conditions: list[dict[str, Any]]) -> None:
    if count_values(conditions) > MAX_CONDITION_VALUES:
        message = f"A rule can only have '{MAX_CONDITION_VALUES}' condition values"
        raise ELBClientError("ValidationError", message)


def _modify_rule(original: Any, elb: Any, *, rule_arn: str, conditions: Any, actions: Any) -> Any:
    rule = elb.describe_rules(None, [rule_arn])[0]
    listener = elb.describe_listeners(None, [rule.listener_arn])[0]
    elb._validate_conditions(conditions)
    _check_value_count(conditions)
    actions = complete_actions(actions)
    _check_association(elb, listener.load_balancer_arn, actions)
    rule = original(elb, rule_arn=rule_arn, conditions=conditions, actions=actions)
    rule.conditions = complete_conditions(rule.conditions)
    return rule


def _delete_rule(original: Any, elb: Any, arn: str) -> Any:
    if elb.describe_rules(None, [arn])[0].is_default:
        raise ELBClientError("OperationNotPermitted", f"Default rule '{arn}' cannot be deleted")
    return original(elb, arn)


def _set_rule_priorities(elb: Any, rule_priorities: list[dict[str, Any]]) -> list[Any]:
    """Set the priorities of several rules at once, so that two can exchange theirs (ELBv2 API reference)."""
    new = {item["RuleArn"]: item["Priority"] for item in rule_priorities}
    rules = elb.describe_rules(None, list(new))
    if len(rules) < len(new):
        raise RuleNotFoundError
    for rule in rules:
        listener = elb.describe_listeners(None, [rule.listener_arn])[0]
        after = [new.get(r.arn, r.priority) for r in listener.rules.values()]
        if after.count(new[rule.arn]) > 1:
            raise PriorityInUseError
    for rule in rules:
        rule.priority = new[rule.arn]
    return list(rules)


def _rules(listener: Any) -> dict[Any, Any]:
    """Return the rules in the order of their priorities, the default rule last."""
    by_priority = sorted(listener._non_default_rules.items(), key=lambda item: int(item[1].priority))
    return dict(by_priority + list(listener._default_rule.items()))
