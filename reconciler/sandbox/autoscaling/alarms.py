"""The two alarms of a target tracking policy, which Application Auto Scaling makes, keeps and deletes."""

from typing import Any

from moto.applicationautoscaling.models import FakeApplicationAutoscalingPolicy
from moto.cloudwatch import cloudwatch_backends
from moto.moto_api._internal import mock_random

from reconciler.sandbox.world import add

MARGIN = 0.9  # a service shrinks below this part of the target value (seen in the alarms that AWS makes)
_METRICS = {
    "ECSServiceAverageCPUUtilization": "CPUUtilization",
    "ECSServiceAverageMemoryUtilization": "MemoryUtilization",
}


def install() -> None:
    add(FakeApplicationAutoscalingPolicy, "_generate_ecs_alarms", make_alarms)


def make_alarms(policy: Any) -> list[Any]:
    """Make both alarms of a policy, above its target value for 3 minutes and below it for 15."""
    target = float(policy.target_tracking_scaling_policy_configuration["TargetValue"])
    name, action = (
        f"TargetTracking-{policy.resource_id}",
        f"{policy.policy_arn}:createdBy/{mock_random.uuid4()}",
    )
    kinds = (
        ("AlarmHigh", "GreaterThanThreshold", 3, target),
        ("AlarmLow", "LessThanThreshold", 15, target * MARGIN),
    )
    alarms = cloudwatch_backends[policy.account_id][policy.region_name]
    return [
        alarms.put_metric_alarm(
            name=f"{name}-{kind}-{mock_random.uuid4()}",
            comparison_operator=operator,
            evaluation_periods=minutes,
            period=60,
            threshold=threshold,
            description=f"DO NOT EDIT OR DELETE. For TargetTrackingScaling policy {policy.policy_arn}.",
            alarm_actions=[action],
            metric_data_queries=[],
            **_metric_of(policy),
        )
        for kind, operator, minutes, threshold in kinds
    ]


def update_alarms(policy: Any) -> None:
    """Set the thresholds after a change of the target value; the alarms stay."""
    if policy.policy_type != "TargetTrackingScaling" or policy.service_namespace != "ecs":
        return
    target = float(policy.target_tracking_scaling_policy_configuration["TargetValue"])
    for alarm, threshold in zip(policy.alarms, (target, target * MARGIN), strict=True):
        alarm.threshold = threshold


def _metric_of(policy: Any) -> dict[str, Any]:
    """Return the metric that the policy tracks: its own, requests per target, or one of the service."""
    configuration = policy.target_tracking_scaling_policy_configuration
    if custom := configuration.get("CustomizedMetricSpecification"):
        return {
            "namespace": custom.get("Namespace"),
            "metric_name": custom.get("MetricName"),
            "statistic": custom.get("Statistic"),
            "dimensions": custom.get("Dimensions", []),
        }
    metric = configuration["PredefinedMetricSpecification"]
    if metric["PredefinedMetricType"] == "ALBRequestCountPerTarget":
        balancer, _, group = metric["ResourceLabel"].partition("/targetgroup/")
        dimensions = {"LoadBalancer": balancer, "TargetGroup": f"targetgroup/{group}"}
        told = {"namespace": "AWS/ApplicationELB", "metric_name": "RequestCountPerTarget", "statistic": "Sum"}
    else:
        _, cluster, service = policy.resource_id.split("/")
        dimensions = {"ClusterName": cluster, "ServiceName": service}
        name = _METRICS[metric["PredefinedMetricType"]]
        told = {"namespace": "AWS/ECS", "metric_name": name, "statistic": "Average"}
    return {**told, "dimensions": [{"Name": key, "Value": value} for key, value in dimensions.items()]}
