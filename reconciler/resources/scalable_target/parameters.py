"""Convert scalable targets and scaling policies to and from Application Auto Scaling's form."""

from collections.abc import Iterable, Mapping
from typing import Any

from reconciler.resources.scalable_target.spec import ScalableTarget, TargetTracking

Raw = Mapping[str, Any]

METRIC_TYPES = {"cpu": "ECSServiceAverageCPUUtilization", "memory": "ECSServiceAverageMemoryUtilization"}
METRICS = {metric_type: metric for metric, metric_type in METRIC_TYPES.items()}
SUSPENDED_STATES = {  # the activity -> its name in AWS's SuspendedState
    "scale_in": "DynamicScalingInSuspended",
    "scale_out": "DynamicScalingOutSuspended",
    "scheduled": "ScheduledScalingSuspended",
}
DEFAULT_COOLDOWN = 300  # seconds, AWS's for ECS


def from_aws(target: Raw, policies: Iterable[Raw]) -> ScalableTarget:
    """Return the spec of a target of DescribeScalableTargets and its policies of DescribeScalingPolicies."""
    _, cluster, service = target["ResourceId"].split("/")
    suspended = target.get("SuspendedState", {})
    return ScalableTarget(
        name=service,
        ecs_service=service,
        cluster=cluster,
        min_capacity=target["MinCapacity"],
        max_capacity=target["MaxCapacity"],
        policies={policy["PolicyName"]: _decode_policy(policy) for policy in policies},
        suspended=frozenset(activity for activity, state in SUSPENDED_STATES.items() if suspended.get(state)),
    )


def _decode_policy(policy: Raw) -> TargetTracking:
    tracking = policy.get("TargetTrackingScalingPolicyConfiguration") or {}
    metric_type = tracking.get("PredefinedMetricSpecification", {}).get("PredefinedMetricType")
    return TargetTracking(
        metric=METRICS.get(metric_type, metric_type or policy["PolicyType"]),
        target=tracking.get("TargetValue", 0),
        scale_in_cooldown=tracking.get("ScaleInCooldown", DEFAULT_COOLDOWN),
        scale_out_cooldown=tracking.get("ScaleOutCooldown", DEFAULT_COOLDOWN),
        scale_in=not tracking.get("DisableScaleIn", False),
    )


def encode_policy(name: str, policy: TargetTracking) -> dict[str, Any]:
    """Return the parameters of PutScalingPolicy for a policy, without its target."""
    metric_type = METRIC_TYPES.get(policy.metric, policy.metric)
    return {
        "PolicyName": name,
        "PolicyType": "TargetTrackingScaling",
        "TargetTrackingScalingPolicyConfiguration": {
            "TargetValue": policy.target,
            "PredefinedMetricSpecification": {"PredefinedMetricType": metric_type},
            "ScaleInCooldown": policy.scale_in_cooldown,
            "ScaleOutCooldown": policy.scale_out_cooldown,
            "DisableScaleIn": not policy.scale_in,
        },
    }
