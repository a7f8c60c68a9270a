"""Describes of ELBv2: what is named is found or refused, and not named in two ways at once."""

from typing import Any

from moto.core.responses import ActionResult
from moto.elbv2.models import ELBv2Backend
from moto.elbv2.responses import ELBV2Response
from moto.elbv2.ssl_policies import SSL_POLICIES

from reconciler.sandbox.elbv2.quotas import QUOTAS
from reconciler.sandbox.elbv2.refusals import invalid, refuse
from reconciler.sandbox.world import wrap


def install() -> None:
    wrap(ELBv2Backend, "describe_load_balancers", _describe_balancers)
    wrap(ELBv2Backend, "describe_listeners", _describe_listeners)
    wrap(ELBv2Backend, "describe_rules", _describe_rules)
    wrap(ELBV2Response, "describe_account_limits", _describe_limits)
    wrap(ELBV2Response, "describe_ssl_policies", _describe_policies)


def _describe_balancers(original: Any, elb: Any, arns: list[str] | None, names: list[str] | None) -> Any:
    if arns and names:
        invalid("Load balancer names and load balancer ARNs cannot be specified at the same time")
    present = original(elb, None, None)  # which also lets those that are new become active
    absent = [name for name in names or [] if name not in {balancer.name for balancer in present}]
    if absent:
        refuse("LoadBalancerNotFound", f"Load balancers '[{', '.join(absent)}]' not found")
    if set(arns or []) - set(elb.load_balancers):
        refuse("LoadBalancerNotFound", "One or more load balancers not found")
    wanted = {*(arns or []), *(names or [])}
    return [b for b in present if not wanted or b.arn in wanted or b.name in wanted]


def _describe_listeners(
    original: Any, elb: Any, load_balancer_arn: str | None, listener_arns: list[str]
) -> Any:
    if load_balancer_arn and listener_arns:
        invalid("Listener ARNs and a load balancer ARN cannot be specified at the same time")
    present = {arn for balancer in elb.load_balancers.values() for arn in balancer.listeners}
    if {*listener_arns} - present:
        refuse("ListenerNotFound", "One or more listeners not found")
    return original(elb, load_balancer_arn, listener_arns)


def _describe_rules(original: Any, elb: Any, listener_arn: str | None, rule_arns: list[str] | None) -> Any:
    return original(elb, listener_arn, list(dict.fromkeys(rule_arns)) if rule_arns else None)


def _describe_limits(_original: Any, _response: Any) -> Any:
    limits = [{"Name": name, "Max": str(most)} for name, most in sorted(QUOTAS.items())]
    return ActionResult({"Limits": limits})


def _describe_policies(original: Any, response: Any) -> Any:
    for name in response._get_param("Names", []):
        if name not in SSL_POLICIES:
            refuse("SSLPolicyNotFound", f"SSL policy '{name}' not found")
    return original(response)
