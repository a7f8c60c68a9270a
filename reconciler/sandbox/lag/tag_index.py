"""Lag of the tagging index: what was there before the last writes, and for a while what has been deleted since.

Deleted resources were seen in it for minutes to 45 minutes (cdk-real-drift#1112, #1463). The time until new
resources and changed tags are in it is an assumption: AWS publishes none.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from moto.core.resource_tagging import TaggedResource, make_tag_matcher, match_resource_type
from moto.core.responses import BaseResponse
from moto.resourcegroupstaggingapi import resourcegroupstaggingapi_backends
from moto.resourcegroupstaggingapi.models import ResourceGroupsTaggingAPIBackend

from reconciler.sandbox.limits.throttling import READ_PREFIXES
from reconciler.sandbox.world import current, wrap

WITHOUT_TAGS = frozenset({"dynamodb", "sts"})  # services whose writes here are of items and of no resources
LISTED_AFTER_DELETION = 600.0  # seconds


@dataclass
class TagIndex:
    """What the index of an account and region shows, by ARN."""

    shown: dict[str, TaggedResource] = field(default_factory=dict)
    missed_at: dict[str, float] = field(default_factory=dict)  # when a deleted resource was missed first
    written_at: float = float("-inf")


def install() -> None:
    wrap(BaseResponse, "call_action", _note_write)
    wrap(ResourceGroupsTaggingAPIBackend, "_get_resources_generator", _find_shown)


def _note_write(original: Any, response: Any) -> Any:
    """Note when something is written; after a quiet time, the index shows all that was there before."""
    action = response._get_action()
    is_read = not action or action.startswith(READ_PREFIXES) or response.boto3_service_name in WITHOUT_TAGS
    if current().profile.index_lag and not is_read:
        backends = resourcegroupstaggingapi_backends[response.current_account]
        if response.region in backends.regions:  # not in that of IAM, whose roles the index does not have
            _catch_up(backends[response.region])
            _index_of(backends[response.region]).written_at = current().clock.now()
    return original(response)


def _index_of(tagging: Any) -> TagIndex:
    """Return the index, which is on moto's backend, where a reset clears it."""
    found: TagIndex = tagging.__dict__.setdefault("tag_index", TagIndex())
    return found


def _find_shown(
    original: Any,
    tagging: Any,
    tag_filters: Any = None,
    resource_type_filters: Any = None,
    resource_arn_list: Any = None,
) -> Iterator[TaggedResource]:
    if not current().profile.index_lag:
        yield from original(tagging, tag_filters, resource_type_filters, resource_arn_list)
        return
    matches, arns = make_tag_matcher(tag_filters), resource_arn_list
    _catch_up(tagging)
    for found in [*_index_of(tagging).shown.values()]:
        named = not arns or found.arn in arns
        if named and matches(found.tags) and match_resource_type(found.resource_type, resource_type_filters):
            yield found


def _catch_up(tagging: Any) -> None:
    """Show what is there, once nothing has been written for the time of the lag; deleted resources go later."""
    index, now = _index_of(tagging), current().clock.now()
    if now - index.written_at < current().profile.index_lag:
        return
    found = ResourceGroupsTaggingAPIBackend._get_resources_generator.__wrapped__(tagging)
    present = {r.arn: replace(r, tags=dict(r.tags)) for r in found}
    deleted = {arn: r for arn, r in index.shown.items() if arn not in present}
    index.missed_at = {arn: index.missed_at.get(arn, now) for arn in deleted}
    listed = {arn: r for arn, r in deleted.items() if now - index.missed_at[arn] < LISTED_AFTER_DELETION}
    index.shown = present | listed
