"""Tags of scalable targets: given with the first registration, or by TagResource."""

import json
from typing import Any

from moto.applicationautoscaling.responses import ApplicationAutoScalingResponse

from reconciler.sandbox.autoscaling.answers import refuse
from reconciler.sandbox.autoscaling.targets import drop_targets_of_deleted_services
from reconciler.sandbox.world import add, wrap


def install() -> None:
    wrap(ApplicationAutoScalingResponse, "register_scalable_target", _register_with_tags)
    for action in (list_tags_for_resource, tag_resource, untag_resource):
        add(ApplicationAutoScalingResponse, action.__name__, action)


def _register_with_tags(original: Any, response: Any) -> Any:
    """Register a target; tags are accepted with the first registration only (terraform-provider-aws#31839)."""
    scaling = response.applicationautoscaling_backend
    drop_targets_of_deleted_services(scaling)
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


def list_tags_for_resource(response: Any) -> str:
    """List the tags of a target."""
    return json.dumps({"Tags": tags_of(response)})


def tag_resource(response: Any) -> str:
    """Set tags of a target; its other tags are kept."""
    tags_of(response).update(response._get_param("Tags"))
    return "{}"


def untag_resource(response: Any) -> str:
    """Remove tags of a target."""
    tags = tags_of(response)
    for key in response._get_param("TagKeys"):
        tags.pop(key, None)
    return "{}"


def tags_of(response: Any) -> dict[str, str]:
    """Return the tags of the target that the call names, as the mapping that stores them."""
    scaling, arn = response.applicationautoscaling_backend, response._get_param("ResourceARN")
    drop_targets_of_deleted_services(scaling)
    for targets in scaling.targets.values():
        for found in targets.values():
            if found.arn == arn:
                tags: dict[str, str] = found.__dict__.setdefault("tags", {})
                return tags
    raise refuse("ResourceNotFoundException", f"The resource does not exist: {arn}")
