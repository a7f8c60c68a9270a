"""Refuse parameters of ELBv2 that should be ARNs and are none, and complete attributes without a value."""

from typing import Any

from moto.core.responses import BaseResponse
from moto.elbv2.exceptions import ELBClientError

from reconciler.sandbox.refusal import answer
from reconciler.sandbox.world import wrap

# What an ARN in each parameter is of, in words, and as the beginning of its resource.
KINDS = {
    "LoadBalancerArn": ("load balancer", "loadbalancer/"),
    "LoadBalancerArns": ("load balancer", "loadbalancer/"),
    "TargetGroupArn": ("target group", "targetgroup/"),
    "TargetGroupArns": ("target group", "targetgroup/"),
    "ListenerArn": ("listener", "listener/"),
    "ListenerArns": ("listener", "listener/"),
    "RuleArn": ("listener rule", "listener-rule/"),
    "RuleArns": ("listener rule", "listener-rule/"),
}


def install() -> None:
    wrap(BaseResponse, "call_action", _check_call)


def _check_call(original: Any, response: Any) -> Any:
    if response.boto3_service_name == "elbv2" and response.automated_parameter_parsing:
        try:
            _check(response.params)
        except ELBClientError as refused:
            return answer(response, refused.code, refused.message)
    return original(response)


def _check(params: dict[str, Any]) -> None:
    for name, (kind, start) in KINDS.items():
        value = params.get(name)
        for arn in [value] if isinstance(value, str) else value or []:
            _, _, resource = arn.partition(":elasticloadbalancing:")
            if not arn.startswith("arn:") or not resource.split(":", 2)[-1].startswith(start):
                raise ELBClientError("ValidationError", f"'{arn}' is not a valid {kind} ARN")
    for attribute in params.get("Attributes", []):
        attribute.setdefault("Value", "")
