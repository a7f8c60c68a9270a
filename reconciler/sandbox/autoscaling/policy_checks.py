"""What a scaling policy of an ECS service may say (Application Auto Scaling API reference)."""

import re
from collections.abc import Iterator, Mapping
from itertools import pairwise
from math import inf
from typing import Any

from moto.applicationautoscaling.responses import ApplicationAutoScalingResponse
from moto.elbv2 import elbv2_backends

from reconciler.sandbox.autoscaling.answers import refuse
from reconciler.sandbox.autoscaling.targets import active_service, get_target
from reconciler.sandbox.constraints.services import sent_parameters
from reconciler.sandbox.world import wrap

CONFIGURATIONS = {
    "StepScaling": "StepScalingPolicyConfiguration",
    "TargetTrackingScaling": "TargetTrackingScalingPolicyConfiguration",
}
METRICS = ("ECSServiceAverageCPUUtilization", "ECSServiceAverageMemoryUtilization", "ALBRequestCountPerTarget")
_LABEL = re.compile(r"(?P<balancer>app/[^/]+/[0-9a-f]+)/(?P<group>targetgroup/[^/]+/[0-9a-f]+)")


def install() -> None:
    wrap(ApplicationAutoScalingResponse, "put_scaling_policy", _check_first)


def _check_first(original: Any, response: Any) -> Any:
    sent = sent_parameters(response)
    scaling = response.applicationautoscaling_backend
    get_target(scaling, sent["ServiceNamespace"], sent["ResourceId"], sent["ScalableDimension"])
    for problem in _problems(scaling, sent):
        raise refuse("ValidationException", problem)
    return original(response)


def _problems(scaling: Any, sent: Mapping[str, Any]) -> Iterator[str]:
    kind = sent.get("PolicyType", "StepScaling")
    if kind not in CONFIGURATIONS:
        yield f"The embedded AWS does not play policies of type {kind}."
        return
    given = [name for name in CONFIGURATIONS.values() if sent.get(name)]
    if given != [CONFIGURATIONS[kind]]:
        yield f"A policy of type {kind} needs {CONFIGURATIONS[kind]} and no other configuration."
    elif kind == "StepScaling":
        yield from _step_problems(sent[given[0]])
    else:
        yield from _tracking_problems(scaling, sent, sent[given[0]])


def _tracking_problems(scaling: Any, sent: Mapping[str, Any], wanted: Mapping[str, Any]) -> Iterator[str]:
    if wanted["TargetValue"] <= 0:
        yield "TargetValue must be greater than 0."
    if any(wanted.get(key, 0) < 0 for key in ("ScaleInCooldown", "ScaleOutCooldown")):
        yield "A cooldown must not be negative."
    metric = wanted.get("PredefinedMetricSpecification")
    if bool(metric) == bool(wanted.get("CustomizedMetricSpecification")):
        yield "Exactly one of PredefinedMetricSpecification and CustomizedMetricSpecification is needed."
    elif metric and sent["ServiceNamespace"] == "ecs":
        yield from _metric_problems(scaling, sent["ResourceId"], metric)


def _metric_problems(scaling: Any, resource_id: str, metric: Mapping[str, str]) -> Iterator[str]:
    kind, label = metric["PredefinedMetricType"], metric.get("ResourceLabel")
    if kind not in METRICS:
        yield f"Predefined metric type {kind} is not supported for service namespace ecs."
    elif kind != "ALBRequestCountPerTarget" and label:
        yield f"A resource label cannot be specified for predefined metric type {kind}."
    elif kind == "ALBRequestCountPerTarget" and not label:
        yield f"Resource label should be specified for predefined metric type {kind}."
    elif label and not _fits(scaling, resource_id, label):
        yield f"The resource label {label} does not name a load balancer and a target group of the service."


def _fits(scaling: Any, resource_id: str, label: str) -> bool:
    """Tell whether a label names a present load balancer and a target group attached to the service."""
    named = _LABEL.fullmatch(label)
    service = active_service(scaling, resource_id)
    if named is None or service is None:
        return False
    balancers = elbv2_backends[scaling.account_id][scaling.region_name].load_balancers
    groups = [attached.get("targetGroupArn", "") for attached in service.fields.get("loadBalancers") or ()]
    return any(arn.endswith(f"/{named['balancer']}") for arn in balancers) and any(
        arn.endswith(f":{named['group']}") for arn in groups
    )


def _step_problems(wanted: Mapping[str, Any]) -> Iterator[str]:
    steps = wanted.get("StepAdjustments") or []
    if not wanted.get("AdjustmentType"):
        yield "AdjustmentType is required for a step scaling policy."
    if not steps:
        yield "At least one step adjustment is required."
    if wanted.get("MinAdjustmentMagnitude") and wanted.get("AdjustmentType") != "PercentChangeInCapacity":
        yield "MinAdjustmentMagnitude is only for the adjustment type PercentChangeInCapacity."
    bounds = sorted(
        (step.get("MetricIntervalLowerBound", -inf), step.get("MetricIntervalUpperBound", inf))
        for step in steps
    )
    if any(low >= high for low, high in bounds):
        yield "The lower bound of a step adjustment must be less than its upper bound."
    if any(first[1] != second[0] for first, second in pairwise(bounds)):
        yield "Step adjustment intervals must not overlap, and there must be no gap between them."


def check_metric(scaling: Any, wanted: dict[str, Any]) -> None:
    """Refuse a second target tracking policy of one target for one predefined metric."""
    metric = _predefined_metric(wanted["policy_body"])
    for policy in scaling.policies.values():
        same_target = (policy.resource_id, policy.scalable_dimension) == (
            wanted["resource_id"],
            wanted["scalable_dimension"],
        )
        if metric and same_target and _predefined_metric(policy._policy_body) == metric:
            message = "Only one TargetTrackingScaling policy for a given metric specification is allowed."
            raise refuse("ValidationException", message)


def _predefined_metric(body: dict[str, Any] | None) -> str | None:
    kind = (body or {}).get("PredefinedMetricSpecification", {}).get("PredefinedMetricType")
    return str(kind) if kind else None
