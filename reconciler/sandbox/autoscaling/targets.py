"""Scalable targets of ECS services as in AWS: each needs an ACTIVE service, whose task count it changes."""

from typing import Any

from moto.applicationautoscaling.models import ApplicationAutoscalingBackend
from moto.applicationautoscaling.responses import ApplicationAutoScalingResponse, _build_target

from reconciler.sandbox.autoscaling.activities import record_activity
from reconciler.sandbox.autoscaling.answers import PAGE_SIZE, page, refuse
from reconciler.sandbox.cloudtrail.recorder import record_service_action
from reconciler.sandbox.iam.service_linked_roles import make_linked_role
from reconciler.sandbox.world import add, wrap

_NOT_SUSPENDED = {
    "DynamicScalingInSuspended": False,
    "DynamicScalingOutSuspended": False,
    "ScheduledScalingSuspended": False,
}


def install() -> None:
    wrap(ApplicationAutoscalingBackend, "register_scalable_target", _register)
    add(ApplicationAutoscalingBackend, "deregister_scalable_target", _deregister)
    add(ApplicationAutoScalingResponse, "describe_scalable_targets", _describe)


def get_target(scaling: Any, namespace: str, resource_id: str, dimension: str) -> Any:
    """Return the registered target. Raises ObjectNotFoundException if there is none."""
    drop_targets_of_deleted_services(scaling, resource_id)
    found = scaling.targets.get(dimension, {}).get(resource_id)
    if found is None:
        described = (
            f"service namespace: {namespace}, resource ID: {resource_id}, scalable dimension: {dimension}"
        )
        raise refuse("ObjectNotFoundException", f"No scalable target found for {described}")
    return found


def drop_targets_of_deleted_services(scaling: Any, only: str | None = None) -> None:
    """Delete targets and policies whose ECS service is deleted, even if a new service has its name.

    With `only`, those of one resource id: what a call does not show may be deleted later.
    (terraform-provider-aws#14254.)
    """
    for dimension, targets in scaling.targets.items():
        for resource_id in [only] if only else list(targets):
            service = getattr(targets.get(resource_id), "service", None)
            if service is not None and active_service(scaling, resource_id) is not service:
                _drop_target(scaling, resource_id, dimension)


def _drop_target(scaling: Any, resource_id: str, dimension: str) -> None:
    """Delete a target with its policies, their alarms and its scheduled actions."""
    del scaling.targets[dimension][resource_id]
    for key, policy in list(scaling.policies.items()):
        if (policy.resource_id, policy.scalable_dimension) == (resource_id, dimension):
            policy.delete_alarms(scaling.account_id, scaling.region_name)
            del scaling.policies[key]
    scaling.scheduled_actions = [
        action
        for action in scaling.scheduled_actions
        if (action.resource_id, action.scalable_dimension) != (resource_id, dimension)
    ]


def active_service(scaling: Any, resource_id: str) -> Any:
    """Return the ACTIVE service that `service/<cluster>/<service>` names, or None."""
    _, cluster, name = resource_id.split("/")
    found = scaling.ecs_backend.services.get(f"{cluster}:{name}")
    return found if found is not None and found.status == "ACTIVE" else None


def _register(original: Any, scaling: Any, namespace: str, r_id: str, dimension: str, **wanted: Any) -> Any:
    """Register or update a target; fields not sent are kept.

    The count moves into the range at once (API reference).
    """
    drop_targets_of_deleted_services(scaling, r_id)
    existing = scaling.targets.get(dimension, {}).get(r_id)
    if namespace != "ecs":
        return original(scaling, namespace, r_id, dimension, **wanted)
    service = active_service(scaling, r_id)
    if service is None:
        raise refuse("ValidationException", f"ECS service doesn't exist: {r_id}")
    low = _sent_or_stored(wanted["min_capacity"], existing, "min_capacity")
    high = _sent_or_stored(wanted["max_capacity"], existing, "max_capacity")
    if low is None or high is None:
        raise refuse(
            "ValidationException", "MinCapacity and MaxCapacity must be given for a new scalable target"
        )
    if low > high:
        raise refuse("ValidationException", "Maximum capacity cannot be less than minimum capacity")
    registered = original(scaling, namespace, r_id, dimension, **wanted)
    registered.service = service
    make_linked_role(scaling.account_id, scaling.partition, "ecs.application-autoscaling.amazonaws.com")
    registered.role_arn = _linked_role_arn(scaling)
    registered.suspended_state = {**_NOT_SUSPENDED, **(registered.suspended_state or {})}
    _move_into_range(scaling, registered, service, low, high)
    return registered


def _move_into_range(scaling: Any, target: Any, service: Any, low: int, high: int) -> None:
    count = min(max(service.desired_count, low), high)
    if count != service.desired_count:
        bound = "minimum" if count > service.desired_count else "maximum"
        record_activity(scaling, target, count, f"{bound} capacity was set to {count}")
        sent = {"cluster": service.cluster_name, "service": service.name, "desiredCount": count}
        role, host = _linked_role_arn(scaling), "ecs.application-autoscaling.amazonaws.com"
        record_service_action("ecs", "UpdateService", sent, role, host, scaling.region_name)
    service.desired_count = count


def _sent_or_stored(sent: int | None, existing: Any, field: str) -> int | None:
    return sent if sent is not None else getattr(existing, field, None)


def _linked_role_arn(scaling: Any) -> str:
    """Return the ARN of the service-linked role, which RoleARN always shows."""
    role = "aws-service-role/ecs.application-autoscaling.amazonaws.com/AWSServiceRoleForApplicationAutoScaling_ECSService"
    return f"arn:{scaling.partition}:iam::{scaling.account_id}:role/{role}"


def _deregister(scaling: Any, namespace: str, r_id: str, dimension: str) -> None:
    get_target(scaling, namespace, r_id, dimension)
    _drop_target(scaling, r_id, dimension)


def _describe(response: Any) -> str:
    scaling = response.applicationautoscaling_backend
    response._validate_params()
    if len(response._get_param("ResourceIds") or ()) > PAGE_SIZE:
        raise refuse("ValidationException", f"The number of resource IDs must not be more than {PAGE_SIZE}.")
    drop_targets_of_deleted_services(scaling)
    found = scaling.describe_scalable_targets(
        response._get_param("ServiceNamespace"),
        response._get_param("ResourceIds"),
        response._get_param("ScalableDimension"),
    )
    return page(response, "ScalableTargets", [_build_target(t) for t in found])
