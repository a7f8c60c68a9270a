"""Groups of schedules of EventBridge Scheduler. Only groups have tags: a schedule's owner is its group's."""

from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any, ClassVar

from reconciler.aws.candidates import is_candidate
from reconciler.aws.indexed import tags_if_meant
from reconciler.aws.reads import Reads
from reconciler.model import tags
from reconciler.model.spec import Live, Spec
from reconciler.model.steps import Call, ErrorMatch, Step, Wait
from reconciler.model.trail import TAGS, TouchedBy
from reconciler.resources.drifting import Severities
from reconciler.resources.kind import Kind, Relations, actions

NOT_FOUND = ("ResourceNotFoundException",)
BUSY = ("ConflictException",)  # it is being deleted: its name is free once its schedules are gone
# The same code comes if a try whose answer was lost has made it, and AWS documents no message for either.
TAKEN = (ErrorMatch(*BUSY, half_done=True),)
GONE_WITHIN = 300  # seconds; AWS gives no number, only that it is eventual (Scheduler user guide)
MOST_LISTED = 100  # groups in a page, AWS's most
GROUP_DELETED = {
    "operation": "GetScheduleGroup",
    "acceptors": [
        {"matcher": "error", "expected": "ResourceNotFoundException", "state": "success"},
        {"matcher": "path", "argument": "State", "expected": "DELETING", "state": "retry"},
    ],
}
INDEXED_AS = ("sqs:", "scheduler:")
"""A group is read where the index shows a queue of ours, too: beside each schedule of ours is one for its dead
letters, and that the index has queues is documented. That it has groups is not."""


class ScheduleGroup(Spec):
    """A group of schedules."""

    kind: ClassVar[str] = "schedule_group"


def read(reads: Reads) -> Iterator[Live[ScheduleGroup]]:
    listed = reads.pages("scheduler", "list_schedule_groups", "ScheduleGroups[]", MaxResults=MOST_LISTED)
    candidates = [group for group in listed if group["State"] != "DELETING" and _is_candidate(reads, group)]
    yield from (live for live in reads.map(lambda group: _read_live(reads, group), candidates) if live)


def _is_candidate(reads: Reads, group: Mapping[str, Any]) -> bool:
    """Tell whether a group may be ours: by its name alone, as the index need not have it."""
    arns = (None, group["Arn"])
    return any(is_candidate(reads, "schedule_group", group["Name"], arn) for arn in arns)


def _read_live(reads: Reads, group: Mapping[str, Any]) -> Live[ScheduleGroup] | None:
    """Return the group; None if it has been deleted, or if it is neither ours nor has a desired name."""
    name, arn = group["Name"], group["Arn"]
    ask = partial(reads.ask, "scheduler", "list_tags_for_resource", "Tags", NOT_FOUND, ResourceArn=arn)
    resource_tags = tags_if_meant(reads, ScheduleGroup.kind, name, arn, ask)
    if resource_tags is None:
        return None
    return Live(from_aws(group, resource_tags), {"id": name, "arn": arn}, tags.owner(resource_tags))


def from_aws(group: Mapping[str, Any], resource_tags: tags.Tags) -> ScheduleGroup:
    """Return the spec of a group of ListScheduleGroups."""
    return ScheduleGroup(name=group["Name"], tags=resource_tags)


def ensure_schedule_group(want: ScheduleGroup, live: Live[ScheduleGroup] | None) -> Iterator[Step]:
    if live:
        yield from tags.retag(tags.SCHEDULE_GROUP, want, live)
        return
    params = {"Name": want.name, "Tags": tags.encode(want.tags)}
    outputs = {"id": f"'{want.name}'", "arn": "ScheduleGroupArn"}
    yield Call("scheduler", "create_schedule_group", params, outputs, retry=TAKEN, patience=GONE_WITHIN)


def remove(live: Live[ScheduleGroup]) -> Iterator[Step]:
    """Yield the call that deletes it and, in time, its schedules; until then they may still be started."""
    params = {"Name": live.outputs["id"]}
    yield Call("scheduler", "delete_schedule_group", params, ignore=NOT_FOUND, retry=BUSY, patience=GONE_WITHIN)
    yield Wait("scheduler", "schedule_group_deleted", params, GROUP_DELETED, patience=GONE_WITHIN)


KIND = Kind(
    ScheduleGroup,
    read,
    ensure_schedule_group,
    remove,
    relations=Relations(keeps_ids=lambda ref: ref.name.rpartition("/")[2]),
    tagging=tags.SCHEDULE_GROUP,
    severities=Severities(),
    indexed_as=INDEXED_AS,
    touched_by=TouchedBy(
        "scheduler.amazonaws.com",
        {"name": "id", "resourceArn": "arn"},
        made_by=("CreateScheduleGroup",),
        deleted_by=("DeleteScheduleGroup",),
        changed_by={TAGS: ("TagResource", "UntagResource")},
    ),
    actions=actions(
        "scheduler",
        "CreateScheduleGroup DeleteScheduleGroup GetScheduleGroup ListScheduleGroups ListTagsForResource "
        "TagResource",
    ),
)
