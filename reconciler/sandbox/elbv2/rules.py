"""Rules as in AWS: unique priorities, which rules can exchange, complete conditions and actions, transforms."""

from typing import Any

from moto.elbv2.exceptions import DuplicatePriorityError, InvalidModifyRuleArgumentsError
from moto.elbv2.models import ELBv2Backend, FakeListener, FakeListenerRule, FakeRule
from moto.elbv2.responses import ELBV2Response

from reconciler.sandbox.elbv2.action_checks import check_actions
from reconciler.sandbox.elbv2.actions import complete_actions
from reconciler.sandbox.elbv2.condition_checks import check_conditions
from reconciler.sandbox.elbv2.conditions import complete_conditions
from reconciler.sandbox.elbv2.forward_checks import check_forwards
from reconciler.sandbox.elbv2.log_ins import take_secret
from reconciler.sandbox.elbv2.quotas import QUOTAS
from reconciler.sandbox.elbv2.refusals import invalid, refuse
from reconciler.sandbox.elbv2.transforms import check_transforms
from reconciler.sandbox.world import add, wrap


def install() -> None:
    wrap(ELBV2Response, "create_rule", _create)
    wrap(ELBV2Response, "modify_rule", _modify)
    wrap(ELBv2Backend, "delete_rule", _delete)
    add(ELBv2Backend, "set_rule_priorities", _set_priorities)
    add(ELBv2Backend, "_validate_conditions", _leave_conditions)
    add(FakeListener, "rules", property(_rules))
    for rule in (FakeRule, FakeListenerRule):
        add(rule, "transforms", [])  # told of every rule (recorded)
        add(rule, "client_secret", None)  # a fingerprint, see `take_secret`


def _create(original: Any, response: Any) -> Any:
    elb, sent = response.elbv2_backend, response._get_params()
    listener = elb.describe_listeners(None, [sent["ListenerArn"]])[0]
    if elb.load_balancers[listener.load_balancer_arn].type != "application":
        invalid("Rules are supported only on listeners of application load balancers")
    transforms = sent.get("Transforms", [])
    check_conditions(sent["Conditions"])
    check_transforms(transforms)
    actions, secret = _take_actions(elb, listener, sent["Actions"]), take_secret(sent["Actions"], None)
    if any(int(rule.priority) == sent["Priority"] for rule in listener._non_default_rules.values()):
        refuse("PriorityInUse", f"Priority '{sent['Priority']}' is currently in use")
    balancer = elb.load_balancers[listener.load_balancer_arn]
    rules = sum(len(each._non_default_rules) for each in balancer.listeners.values())
    if rules >= QUOTAS["rules-per-application-load-balancer"]:
        refuse("TooManyRules", "The maximum number of rules has been reached on the load balancer")
    response.params = {**sent, "Conditions": complete_conditions(sent["Conditions"]), "Actions": actions}
    answer = original(response)
    answer.result["Rules"][0].transforms = transforms
    answer.result["Rules"][0].client_secret = secret
    return answer


def _take_actions(elb: Any, listener: Any, actions: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the actions as the rule has them. Refuses what the listener does not take."""
    balancer = elb.load_balancers[listener.load_balancer_arn]
    check_actions(actions, listener.protocol)
    check_forwards(elb, balancer, listener.protocol, actions)
    return complete_actions(actions, network=balancer.type == "network")


def _modify(original: Any, response: Any) -> Any:
    """Change what is sent of conditions, actions and transforms; the rest stays."""
    elb, sent = response.elbv2_backend, response._get_params()
    (rule,) = elb.describe_rules(None, [sent["RuleArn"]])
    if rule.is_default:
        refuse("OperationNotPermitted", f"Default rule '{rule.arn}' cannot be modified")
    listener = elb.describe_listeners(None, [rule.listener_arn])[0]
    conditions, actions, transforms = sent.get("Conditions"), sent.get("Actions"), sent.get("Transforms")
    resets = sent.get("ResetTransforms") in (True, "true")
    if not (conditions or actions or transforms or resets):
        raise InvalidModifyRuleArgumentsError
    if transforms and resets:
        invalid("You cannot specify both Transforms and ResetTransforms")
    if conditions:
        check_conditions(conditions)
    check_transforms(transforms or [])
    secret = take_secret(actions, rule.client_secret) if actions else rule.client_secret
    new = {
        "Conditions": complete_conditions(conditions) if conditions else rule.conditions,
        "Actions": _take_actions(elb, listener, actions) if actions else [a.data for a in rule.actions],
    }
    response.params = {"RuleArn": rule.arn, **new}
    answer = original(response)
    rule.client_secret = secret
    if transforms or resets:
        rule.transforms = transforms or []
    return answer


def _delete(original: Any, elb: Any, arn: str) -> Any:
    if elb.describe_rules(None, [arn])[0].is_default:
        refuse("OperationNotPermitted", f"Default rule '{arn}' cannot be deleted")
    return original(elb, arn)


def _set_priorities(elb: Any, rule_priorities: list[dict[str, Any]]) -> list[Any]:
    """Set the priorities of several rules at once, so that two can exchange theirs (ELBv2 API reference)."""
    new = {item["RuleArn"]: int(item["Priority"]) for item in rule_priorities}
    for priority in new.values():
        if [*new.values()].count(priority) > 1:
            raise DuplicatePriorityError(str(priority))
    rules = elb.describe_rules(None, list(new))
    for rule in rules:
        if rule.is_default:
            refuse("OperationNotPermitted", f"The priority of the default rule '{rule.arn}' cannot be changed")
        listener = elb.describe_listeners(None, [rule.listener_arn])[0]
        after = [new.get(r.arn, r.priority) for r in listener.rules.values()]
        if after.count(new[rule.arn]) > 1:
            refuse("PriorityInUse", f"Priority '{new[rule.arn]}' is currently in use")
    for rule in rules:
        rule.priority = new[rule.arn]
    return list(rules)


def _leave_conditions(_elb: Any, _conditions: Any) -> None:
    """Replace moto's checks, which do not know the forms that a rule is read in."""


def _rules(listener: Any) -> dict[Any, Any]:
    """Return the rules in the order of their priorities, the default rule last."""
    by_priority = sorted(listener._non_default_rules.items(), key=lambda item: int(item[1].priority))
    return dict(by_priority + list(listener._default_rule.items()))
