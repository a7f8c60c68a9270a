"""Waits for the states of a load balancer."""

from collections.abc import Mapping
from typing import Any

from reconciler.model.references import Ref
from reconciler.model.steps import Wait

STATE_CODE = "LoadBalancers[0].State.Code"
BALANCER_ACTIVE = {  # botocore's own waiter neither ends on `failed` nor takes `active_impaired`
    "operation": "DescribeLoadBalancers",
    "acceptors": [
        {"matcher": "path", "argument": STATE_CODE, "expected": "active", "state": "success"},
        {"matcher": "path", "argument": STATE_CODE, "expected": "active_impaired", "state": "success"},
        {"matcher": "path", "argument": STATE_CODE, "expected": "failed", "state": "failure"},
        {"matcher": "error", "expected": "LoadBalancerNotFound", "state": "retry"},
    ],
}
BALANCER_DELETED = {
    "operation": "DescribeLoadBalancers",
    "acceptors": [{"matcher": "error", "expected": "LoadBalancerNotFound", "state": "success"}],
}


def wait_for(model: Mapping[str, Any], arn: Ref | str, *, settling: bool = False) -> Wait:
    """Return the wait for one of these states. If `settling`, dependents of the load balancer do not wait."""
    params, why = {"LoadBalancerArns": [arn]}, "LoadBalancers[0].State.[Code, Reason]"
    return Wait("elbv2", "load_balancer_state", params, model=model, why=why, settling=settling)
