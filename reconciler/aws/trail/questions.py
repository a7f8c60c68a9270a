"""The questions for a difference: few, in the region of the service's events, the likeliest first.

CloudTrail finds by resource only ids of EC2 and names of IAM ("Resource types supported by CloudTrail event
history"); elsewhere it is asked by the names of calls, whose parameters are then compared.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from reconciler.model.drift import Difference, Finding
from reconciler.model.trail import TAGS, TouchedBy

# The region with the events of global services (CloudTrail user guide, "global service events").
HOMES: Mapping[str, str] = {"aws": "us-east-1", "aws-cn": "cn-north-1", "aws-us-gov": "us-gov-west-1"}


Attribute = Literal["EventName", "ResourceName"]
Times = tuple[datetime, datetime | None]  # the first and the last of an event; None: now


@dataclass(frozen=True)
class Place:
    """The region and the partition of a stack."""

    region: str
    partition: str

    def of(self, touched: TouchedBy) -> str:
        """Return the region in which the events of a type are."""
        return HOMES.get(self.partition, self.region) if touched.is_global else self.region


@dataclass(frozen=True)
class Question:
    """One question to LookupEvents: one attribute and a time."""

    region: str
    attribute: Attribute
    value: str
    begin: datetime
    end: datetime | None  # None: now


def names_for(difference: Difference, touched: TouchedBy) -> tuple[tuple[str, ...], ...]:
    """Return the calls that can have made the difference, in groups: the next one only if none is found."""
    match difference.finding:
        case Finding.MISSING:
            return (touched.deleted_by,)
        case Finding.ORPHANED:
            return touched.made_by, touched.changed_by.get(TAGS, ())
    field = difference.path.partition(".")[0]
    no_call_does = touched.changed_by.get(field) == ()
    return () if no_call_does else (touched.changes_of(field), touched.made_by)


def ask(region: str, attribute: Attribute, values: Iterable[str], times: Times) -> list[Question]:
    """Return a question for each of these values."""
    return [Question(region, attribute, value, *times) for value in values]


def resource_name(difference: Difference, touched: TouchedBy) -> str:
    """Return by which name CloudTrail finds the resource's events; empty if it is asked by names of calls.

    A part of a resource has its id before a slash. That of one that is gone is not known, unless it has a name.
    """
    if not touched.found_by:
        return ""
    known = difference.outputs.get(touched.found_by, "" if touched.nameless else difference.address.name)
    return known.partition("/")[0]
