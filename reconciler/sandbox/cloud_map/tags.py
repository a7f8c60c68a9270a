"""Tags of namespaces and services, which go with them."""

from collections.abc import Mapping, Sequence
from typing import Any

from moto.servicediscovery.models import ServiceDiscoveryBackend

from reconciler.sandbox.cloud_map.operations import apply_finished, refuse
from reconciler.sandbox.world import wrap

MAX_TAGS = 50


def install() -> None:
    wrap(ServiceDiscoveryBackend, "tag_resource", _tag)
    wrap(ServiceDiscoveryBackend, "untag_resource", _check_first)
    wrap(ServiceDiscoveryBackend, "list_tags_for_resource", _check_first)


def check_count(present: Mapping[str, str], tags: Sequence[Mapping[str, str]] | None) -> None:
    """Refuse tags that would make more than fifty, and keys that are sent twice."""
    keys = [tag["Key"] for tag in tags or ()]
    if len({*keys}) < len(keys):
        raise refuse("InvalidInput", "The same tag key is sent more than once.")
    if len({*present, *keys}) > MAX_TAGS:
        message = f"The maximum number of tags that can be applied to a resource is {MAX_TAGS}."
        raise refuse("TooManyTagsException", message)


def _tag(original: Any, discovery: Any, resource_arn: str, tags: list[dict[str, str]]) -> Any:
    _check_resource(discovery, resource_arn)
    check_count(discovery.tagger.get_tag_dict_for_resource(resource_arn), tags)
    return original(discovery, resource_arn, tags)


def _check_first(original: Any, discovery: Any, resource_arn: str, *args: Any, **kwargs: Any) -> Any:
    _check_resource(discovery, resource_arn)
    return original(discovery, resource_arn, *args, **kwargs)


def _check_resource(discovery: Any, arn: str) -> None:
    apply_finished(discovery)
    if not arn.startswith("arn:") or ":servicediscovery:" not in arn:
        raise refuse("InvalidInput", f"Invalid resource ARN: {arn}")
    things = [*discovery.namespaces.values(), *discovery.services.values()]
    if arn not in {thing.arn for thing in things}:
        members = {"ResourceName": arn}
        raise refuse("ResourceNotFoundException", f"Resource {arn} not found", **members)
