"""Schedules of EventBridge Scheduler that start tasks. They have no tags: they belong to their group."""

from collections.abc import Iterator
from functools import partial
from typing import Any

from reconciler.aws.reads import Reads
from reconciler.model.drift import Severity
from reconciler.model.newness import IN_FORCE_WITHIN, SHOWN_WITHIN, if_new, if_passed_later
from reconciler.model.spec import Live
from reconciler.model.steps import Call, ErrorMatch, Step
from reconciler.model.trail import TouchedBy
from reconciler.resources import schedule_group
from reconciler.resources.drifting import Severities
from reconciler.resources.kind import Kind, Relations, actions
from reconciler.resources.schedule.parameters import encode_schedule, from_aws
from reconciler.resources.schedule.spec import Schedule

__all__ = ["KIND", "Schedule", "ensure_schedule", "from_aws"]

NOT_FOUND = ("ResourceNotFoundException",)
CANNOT_ASSUME = ErrorMatch("ValidationException", "to assume the role")  # aws-sdk-js-v3#6494
MOST_LISTED = 100  # schedules in a page, AWS's most
SECURITY = ("role", "cluster", "task_definition", "security_groups", "execute_command", "overrides")
AVAILABILITY = (
    *("enabled", "starts", "ends", "expression", "subnets", "public_address", "count", "launch_type"),
)


def read(reads: Reads) -> Iterator[Live[Schedule]]:
    """Yield the schedules of the groups that are ours, or have a desired name.

    A name alone is no key: without its group, a schedule is looked for in the group `default` (cdkd#961).
    """
    for group in schedule_group.read(reads):
        listed = {"GroupName": group.spec.name, "MaxResults": MOST_LISTED}
        names = reads.pages("scheduler", "list_schedules", "Schedules[].Name", NOT_FOUND, **listed)
        for raw in reads.map(partial(_describe, reads, group.spec.name), names):
            if raw:
                yield Live(from_aws(raw), _name_outputs(raw), group.owner)


def _describe(reads: Reads, group: str, name: str) -> dict[str, Any] | None:
    """Return the schedule; None if it has been deleted since it was listed."""
    asked = {"GroupName": group, "Name": name}
    found: dict[str, Any] | None = reads.ask("scheduler", "get_schedule", "@", NOT_FOUND, **asked)
    return found


def _name_outputs(raw: dict[str, Any]) -> dict[str, str]:
    return {"id": f"{raw['GroupName']}/{raw['Name']}", "name": raw["Name"], "arn": raw["Arn"]}


def ensure_schedule(want: Schedule, live: Live[Schedule] | None) -> Iterator[Step]:
    params: dict[str, Any] = encode_schedule(want, live.spec if live else None)
    not_yet = (
        *if_new((CANNOT_ASSUME,), want.role),
        *if_passed_later(want.role, known=SHOWN_WITHIN),
        *if_new(NOT_FOUND, want.group),
    )
    own = {"id": f"{want.group.name}/{want.name}", "name": want.name}
    outputs = {**{key: f"'{value}'" for key, value in own.items()}, "arn": "ScheduleArn"}
    operation = "update_schedule" if live else "create_schedule"
    yield Call("scheduler", operation, params, outputs, retry=not_yet, patience=IN_FORCE_WITHIN)


def remove(live: Live[Schedule]) -> Iterator[Step]:
    group, _, name = live.outputs["id"].partition("/")
    yield Call("scheduler", "delete_schedule", {"GroupName": group, "Name": name}, ignore=NOT_FOUND)


KIND = Kind(
    Schedule,
    read,
    ensure_schedule,
    remove,
    relations=Relations(parents=lambda schedule: schedule.group),
    severities=Severities(
        dict.fromkeys(SECURITY, Severity.SECURITY) | dict.fromkeys(AVAILABILITY, Severity.AVAILABILITY),
        orphaned=Severity.SECURITY,  # it starts tasks with the rights of a role of ours
    ),
    indexed_as=schedule_group.INDEXED_AS,
    touched_by=TouchedBy(
        "scheduler.amazonaws.com",
        {"name": "name"},
        made_by=("CreateSchedule",),
        deleted_by=("DeleteSchedule",),
        changed_by={"": ("UpdateSchedule",)},
        within={"groupName": "arn"},
    ),
    actions=actions(
        "scheduler",
        "CreateSchedule DeleteSchedule GetSchedule ListScheduleGroups ListSchedules ListTagsForResource "
        "UpdateSchedule",
    )
    | actions("iam", "PassRole"),
)
