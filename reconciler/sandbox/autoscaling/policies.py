"""Scaling policies as in AWS: each belongs to a target, keeps its ARN when updated, and has its own alarms."""

from typing import Any

from moto.applicationautoscaling.models import ApplicationAutoscalingBackend, FakeApplicationAutoscalingPolicy
from moto.applicationautoscaling.responses import ApplicationAutoScalingResponse, _build_policy

from reconciler.sandbox.autoscaling.alarms import update_alarms
from reconciler.sandbox.autoscaling.answers import page, refuse
from reconciler.sandbox.autoscaling.policy_checks import check_metric
from reconciler.sandbox.autoscaling.targets import drop_targets_of_deleted_services, get_target
from reconciler.sandbox.world import add, wrap

PAGE_OF_POLICIES = 10  # API reference, DescribeScalingPolicies
# The attribute of moto's policy that holds the configuration, by policy type.
_CONFIGURATION_OF = {
    "StepScaling": "step_scaling_policy_configuration",
    "TargetTrackingScaling": "target_tracking_scaling_policy_configuration",
}


def install() -> None:
    wrap(ApplicationAutoscalingBackend, "put_scaling_policy", _put)
    wrap(ApplicationAutoscalingBackend, "delete_scaling_policy", _delete)
    add(ApplicationAutoScalingResponse, "describe_scaling_policies", _describe)


def _put(original: Any, scaling: Any, **wanted: Any) -> Any:
    """Create a policy, or replace the configuration of the existing one, which keeps its ARN and alarms."""
    get_target(scaling, wanted["service_namespace"], wanted["resource_id"], wanted["scalable_dimension"])
    wanted["policy_type"] = wanted["policy_type"] or "StepScaling"
    existing = scaling.policies.get(_key(wanted))
    if existing is None:
        check_metric(scaling, wanted)
        return original(scaling, **wanted)
    if wanted["policy_type"] != existing.policy_type:
        raise refuse("ValidationException", "The type of a scaling policy cannot be changed")
    existing._policy_body = wanted["policy_body"]
    setattr(existing, _CONFIGURATION_OF[existing.policy_type], wanted["policy_body"])
    update_alarms(existing)
    return existing


def _key(wanted: dict[str, Any]) -> str:
    parts = ("service_namespace", "resource_id", "scalable_dimension", "policy_name")
    return str(FakeApplicationAutoscalingPolicy.formulate_key(*(wanted[part] for part in parts)))


def _delete(original: Any, scaling: Any, **named: Any) -> Any:
    drop_targets_of_deleted_services(scaling, named["resource_id"])
    if _key(named) not in scaling.policies:
        message = f"No scaling policy found for service namespace: {named['service_namespace']}, " + ", ".join(
            f"{what}: {named[key]}"
            for what, key in (
                ("resource ID", "resource_id"),
                ("scalable dimension", "scalable_dimension"),
                ("policy name", "policy_name"),
            )
        )
        raise refuse("ObjectNotFoundException", message)
    return original(scaling, **named)


def _describe(response: Any) -> str:
    scaling = response.applicationautoscaling_backend
    drop_targets_of_deleted_services(scaling)
    asked = {
        "service_namespace": response._get_param("ServiceNamespace"),
        "resource_id": response._get_param("ResourceId"),
        "scalable_dimension": response._get_param("ScalableDimension"),
    }
    names = response._get_param("PolicyNames")
    found = [
        _build_policy(policy)
        for policy in scaling.policies.values()
        if all(value in (None, getattr(policy, field)) for field, value in asked.items())
        if not names or policy.policy_name in names
    ]
    return page(response, "ScalingPolicies", found, PAGE_OF_POLICIES)
