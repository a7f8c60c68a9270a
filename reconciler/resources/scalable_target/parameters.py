"""Convert scalable targets and scaling policies to and from Application Auto Scaling's form."""

from collections.abc import Iterable, Mapping
from typing import Any

from reconciler.resources.scalable_target.spec import ScalableTarget, ScheduledAction, TargetTracking

Raw = Mapping[str, Any]

METRIC_TYPES = {
    "cpu": "ECSServiceAverageCPUUtilization",
    "memory": "ECSServiceAverageMemoryUtilization",
    "requests": "ALBRequestCountPerTarget",
}
METRICS = {metric_type: metric for metric, metric_type in METRIC_TYPES.items()}
SUSPENDED_STATES = {  # the activity -> its name in AWS's SuspendedState
    "scale_in": "DynamicScalingInSuspended",
    "scale_out": "DynamicScalingOutSuspended",
    "scheduled": "ScheduledScalingSuspended",
}
DEFAULT_COOLDOWN = 300  # seconds, AWS's for ECS


def from_aws(target: Raw, policies: Iterable[Raw], scheduled: Iterable[Raw] = ()) -> ScalableTarget:
    """Return the spec of a target of DescribeScalableTargets, with its policies and its scheduled actions.

    They are those of DescribeScalingPolicies and DescribeScheduledActions.
    """
    _, cluster, service = target["ResourceId"].split("/")
    suspended = target.get("SuspendedState", {})
    return ScalableTarget(
        name=service,
        ecs_service=service,
        cluster=cluster,
        min_capacity=target["MinCapacity"],
        max_capacity=target["MaxCapacity"],
        policies={policy["PolicyName"]: _decode_policy(policy) for policy in policies},
        schedules={action["ScheduledActionName"]: _decode_action(action) for action in scheduled},
        suspended=frozenset(activity for activity, state in SUSPENDED_STATES.items() if suspended.get(state)),
    )


def _decode_policy(policy: Raw) -> TargetTracking:
    tracking = policy.get("TargetTrackingScalingPolicyConfiguration") or {}
    predefined = tracking.get("PredefinedMetricSpecification", {})
    metric_type = predefined.get("PredefinedMetricType")
    return TargetTracking(
        metric=METRICS.get(metric_type, metric_type or policy["PolicyType"]),
        target=tracking.get("TargetValue", 0),
        label=predefined.get("ResourceLabel"),
        scale_in_cooldown=tracking.get("ScaleInCooldown", DEFAULT_COOLDOWN),
        scale_out_cooldown=tracking.get("ScaleOutCooldown", DEFAULT_COOLDOWN),
        scale_in=not tracking.get("DisableScaleIn", False),
    )


def encode_policy(name: str, policy: TargetTracking) -> dict[str, Any]:
    """Return the parameters of PutScalingPolicy for a policy, without its target."""
    metric_type = METRIC_TYPES.get(policy.metric, policy.metric)
    label = {"ResourceLabel": policy.label} if policy.label else {}
    return {
        "PolicyName": name,
        "PolicyType": "TargetTrackingScaling",
        "TargetTrackingScalingPolicyConfiguration": {
            "TargetValue": policy.target,
            "PredefinedMetricSpecification": {"PredefinedMetricType": metric_type, **label},
            "ScaleInCooldown": policy.scale_in_cooldown,
            "ScaleOutCooldown": policy.scale_out_cooldown,
            "DisableScaleIn": not policy.scale_in,
        },
    }


def _decode_action(action: Raw) -> ScheduledAction:
    becomes = action.get("ScalableTargetAction") or {}
    times = {"start": action.get("StartTime"), "end": action.get("EndTime")}
    return ScheduledAction(
        schedule=action["Schedule"],
        timezone=action.get("Timezone", "UTC"),
        min_capacity=becomes.get("MinCapacity"),
        max_capacity=becomes.get("MaxCapacity"),
        **{name: str(time) for name, time in times.items() if time},
    )


def encode_action(name: str, action: ScheduledAction) -> dict[str, Any]:
    """Return the parameters of PutScheduledAction for an action, without its target.

    Times that are not sent are deleted (API reference).
    """
    return {
        "ScheduledActionName": name,
        "Schedule": action.schedule,
        "Timezone": action.timezone,
        "ScalableTargetAction": {"MinCapacity": action.min_capacity, "MaxCapacity": action.max_capacity},
    }
