"""Scalable targets of ECS services as AWS has them: bound to a live service, which they move into their range."""

import json
from typing import Any

from moto.applicationautoscaling.models import ApplicationAutoscalingBackend
from moto.applicationautoscaling.responses import ApplicationAutoScalingResponse, _build_target
from moto.core.exceptions import JsonRESTError

from reconciler.sandbox.world import add, wrap

PAGE = 50
_NOT_SUSPENDED = {
    "DynamicScalingInSuspended": False,
    "DynamicScalingOutSuspended": False,
    "ScheduledScalingSuspended": False,
}


def install() -> None:
    wrap(ApplicationAutoscalingBackend, "register_scalable_target", _register)
    wrap(ApplicationAutoScalingResponse, "register_scalable_target", _register_with_tags)
    add(ApplicationAutoscalingBackend, "deregister_scalable_target", _deregister)
    add(ApplicationAutoScalingResponse, "describe_scalable_targets", _describe)
    for action in (list_tags_for_resource, tag_resource, untag_resource):
        add(ApplicationAutoScalingResponse, action.__name__, action)


def refuse(code: str, message: str) -> JsonRESTError:
    return JsonRESTError(code, message)


def target(scaling: Any, namespace: str, resource_id: str, dimension: str) -> Any:
    """The registered target; ObjectNotFoundException where there is none."""
    forget(scaling)
    found = scaling.targets.get(dimension, {}).get(resource_id)
    if found is None:
        described = (
            f"service namespace: {namespace}, resource ID: {resource_id}, scalable dimension: {dimension}"
        )
        raise refuse("ObjectNotFoundException", f"No scalable target found for {described}")
    return found


def forget(scaling: Any) -> None:
    """With an ECS service its targets and policies go, also if another of its name comes (terraform-provider-aws#14254)."""
    for dimension, targets in scaling.targets.items():
        for resource_id, found in list(targets.items()):
            service = getattr(found, "service", None)
            if service is not None and _service(scaling, resource_id) is not service:
                _drop(scaling, resource_id, dimension)


def _drop(scaling: Any, resource_id: str, dimension: str) -> None:
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


def _service(scaling: Any, resource_id: str) -> Any:
    """The ACTIVE service of `service/<cluster>/<service>`, or None."""
    _, cluster, name = resource_id.split("/")
    found = scaling.ecs_backend.services.get(f"{cluster}:{name}")
    return found if found is not None and found.status == "ACTIVE" else None


def _register(original: Any, scaling: Any, namespace: str, r_id: str, dimension: str, **wanted: Any) -> Any:
    """An upsert: what is not sent stays. The service's count moves into the range at once (API reference)."""
    forget(scaling)
    existing = scaling.targets.get(dimension, {}).get(r_id)
    if namespace != "ecs":
        return original(scaling, namespace, r_id, dimension, **wanted)
    service = _service(scaling, r_id)
    if service is None:
        raise refuse("ValidationException", f"ECS service doesn't exist: {r_id}")
    low = _either(wanted["min_capacity"], existing, "min_capacity")
    high = _either(wanted["max_capacity"], existing, "max_capacity")
    if low is None or high is None:
        raise refuse(
            "ValidationException", "MinCapacity and MaxCapacity must be given for a new scalable target"
        )
    if low > high:
        raise refuse("ValidationException", "Maximum capacity cannot be less than minimum capacity")
    registered = original(scaling, namespace, r_id, dimension, **wanted)
    registered.service = service
    registered.role_arn = _linked_role(scaling)
    registered.suspended_state = {**_NOT_SUSPENDED, **(registered.suspended_state or {})}
    service.desired_count = min(max(service.desired_count, low), high)
    return registered


def _either(sent: int | None, existing: Any, field: str) -> int | None:
    return sent if sent is not None else getattr(existing, field, None)


def _linked_role(scaling: Any) -> str:
    """What RoleARN reads, whatever was sent."""
    role = "aws-service-role/ecs.application-autoscaling.amazonaws.com/AWSServiceRoleForApplicationAutoScaling_ECSService"
    return f"arn:{scaling.partition}:iam::{scaling.account_id}:role/{role}"


def _register_with_tags(original: Any, response: Any) -> Any:
    """Tags only with the first registration (terraform-provider-aws#31839)."""
    scaling = response.applicationautoscaling_backend
    forget(scaling)
    tags = response._get_param("Tags") or {}
    key = (response._get_param("ScalableDimension"), response._get_param("ResourceId"))
    if tags and key[1] in scaling.targets.get(key[0], {}):
        message = (
            "You can't specify tags when updating an existing scalable target, use the TagResource operation"
        )
        raise refuse("ValidationException", message)
    answer = original(response)
    if tags:
        scaling.targets[key[0]][key[1]].tags = dict(tags)
    return answer


def _deregister(scaling: Any, namespace: str, r_id: str, dimension: str) -> None:
    target(scaling, namespace, r_id, dimension)
    _drop(scaling, r_id, dimension)


def _describe(response: Any) -> str:
    scaling = response.applicationautoscaling_backend
    response._validate_params()
    if len(response._get_param("ResourceIds") or ()) > PAGE:
        raise refuse("ValidationException", f"The number of resource IDs must not be more than {PAGE}.")
    forget(scaling)
    found = scaling.describe_scalable_targets(
        response._get_param("ServiceNamespace"),
        response._get_param("ResourceIds"),
        response._get_param("ScalableDimension"),
    )
    return page(response, "ScalableTargets", [_build_target(t) for t in found])


def page(response: Any, member: str, items: list[dict[str, Any]]) -> str:
    start = int(response._get_param("NextToken") or 0)
    end = start + (response._get_int_param("MaxResults") or PAGE)
    more = {"NextToken": str(end)} if end < len(items) else {}
    return json.dumps({member: items[start:end], **more})


def list_tags_for_resource(response: Any) -> str:
    return json.dumps({"Tags": _tags(response)})


def tag_resource(response: Any) -> str:
    _tags(response).update(response._get_param("Tags"))
    return "{}"


def untag_resource(response: Any) -> str:
    tags = _tags(response)
    for key in response._get_param("TagKeys"):
        tags.pop(key, None)
    return "{}"


def _tags(response: Any) -> dict[str, str]:
    scaling, arn = response.applicationautoscaling_backend, response._get_param("ResourceARN")
    forget(scaling)
    for targets in scaling.targets.values():
        for found in targets.values():
            if found.arn == arn:
                tags: dict[str, str] = found.__dict__.setdefault("tags", {})
                return tags
    raise refuse("ResourceNotFoundException", f"The resource does not exist: {arn}")
