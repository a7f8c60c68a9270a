"""Tags of ECS's resources by ARN: clusters, services, task definitions, tasks and capacity providers."""

import re
from typing import Any

from moto.core.responses import ActionResult, EmptyResult
from moto.ecs.exceptions import ClusterNotFoundException, ECSException, InvalidParameterException
from moto.ecs.responses import EC2ContainerServiceResponse

from reconciler.sandbox.ecs.tag_checks import TAGS_LIMIT, check_tags
from reconciler.sandbox.world import add

_ARN = re.compile(r"arn:[a-z-]+:ecs:[a-z0-9-]+:\d{12}:(?P<type>[a-z-]+)/(?P<name>.+)")


def install() -> None:
    for action in (tag_resource, untag_resource, list_tags_for_resource):
        add(EC2ContainerServiceResponse, action.__name__, action)


def tag_resource(response: Any) -> EmptyResult:
    """Add tags, or give present ones other values. INACTIVE resources take none."""
    sent = response._get_param("tags", [])
    check_tags(sent)
    resource = find_resource(response.ecs_backend, response._get_param("resourceArn"))
    if getattr(resource, "status", "ACTIVE") == "INACTIVE":
        raise InvalidParameterException(
            "The specified resource is inactive. Specify an active one and try again."
        )
    keys = {tag["key"] for tag in sent}
    new = [tag for tag in resource.tags or [] if tag["key"] not in keys]
    new += [{"key": tag["key"], "value": tag.get("value", "")} for tag in sent]
    if len([tag for tag in new if not tag["key"].startswith("aws:")]) > TAGS_LIMIT:
        raise ECSException("LimitExceededException", "The limit for the resource was exceeded: 50 tags.")
    resource.tags = new
    return EmptyResult()


def untag_resource(response: Any) -> EmptyResult:
    """Remove tags; keys that the resource does not have are no error."""
    resource = find_resource(response.ecs_backend, response._get_param("resourceArn"))
    keys = response._get_param("tagKeys")
    if any(key.lower().startswith("aws:") for key in keys):
        raise InvalidParameterException("Tags that begin with 'aws:' are AWS's own and cannot be removed.")
    resource.tags = [tag for tag in resource.tags or [] if tag["key"] not in keys]
    return EmptyResult()


def list_tags_for_resource(response: Any) -> ActionResult:
    """Return the tags of a resource. An absent one is a bad parameter: the model has no other code for it."""
    try:
        resource = find_resource(response.ecs_backend, response._get_param("resourceArn"))
    except ECSException as missing:
        if missing.code != "ResourceNotFoundException":
            raise
        raise InvalidParameterException(missing.message) from missing
    return ActionResult({"tags": resource.tags or []})


def find_resource(ecs: Any, arn: str) -> Any:
    """Return the resource with this ARN.

    Raises ClusterNotFoundException for an absent cluster, ResourceNotFoundException for any other resource.
    """
    match = _ARN.fullmatch(arn)
    if match is None:
        raise InvalidParameterException("The ARN provided is invalid.")
    if match["type"] == "cluster":
        if match["name"] not in ecs.clusters:
            raise ClusterNotFoundException
        return ecs.clusters[match["name"]]
    found = next((r for r in _resources(ecs, match["type"]) if _arn_of(r) == arn), None)
    if found is None:
        raise ECSException("ResourceNotFoundException", f"The specified resource wasn't found: {arn}.")
    return found


def _resources(ecs: Any, kind: str) -> list[Any]:
    if kind == "service":
        return list(ecs.services.values())
    if kind == "task-definition":
        return [d for revisions in ecs.task_definitions.values() for d in revisions.values()]
    if kind == "task":
        return [task for tasks in ecs.tasks.values() for task in tasks.values()]
    if kind == "capacity-provider":
        return list(ecs.capacity_providers.values())
    raise InvalidParameterException(f"Resources of the type {kind} cannot be tagged here.")


def _arn_of(resource: Any) -> Any:
    for name in ("arn", "task_arn", "capacity_provider_arn"):
        if hasattr(resource, name):
            return getattr(resource, name)
    return None
