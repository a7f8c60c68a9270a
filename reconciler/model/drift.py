"""Drift, as data: how what AWS has differs from the file that was applied, who changed it, and what is done."""

import enum
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from reconciler.model.aws_default import NotInFile
from reconciler.model.lease import Applied
from reconciler.model.plan import Scope
from reconciler.model.references import Address
from reconciler.model.steps import Outputs


class Severity(enum.StrEnum):
    """Says how bad a difference is, the worst first."""

    SECURITY = "security"
    AVAILABILITY = "availability"
    CONFIGURATION = "configuration"
    TAGS = "tags"

    @property
    def rank(self) -> int:
        """Its place in the order: 0 is the worst."""
        return [*Severity].index(self)


class Finding(enum.StrEnum):
    """Says what about a resource differs."""

    CHANGED = "changed"  # one of its fields
    MISSING = "missing"  # AWS does not have it
    ORPHANED = "orphaned"  # it is ours, and the file does not have it


class Status(enum.StrEnum):
    """Says what a difference counts as."""

    DRIFT = "drift"
    IGNORED = "ignored"  # the file says to ignore it
    NOT_APPLIED = "not applied yet"  # the file was changed since the last apply


@dataclass(frozen=True)
class Difference:
    """A field, or a whole resource, that AWS has otherwise than the file."""

    address: Address
    finding: Finding
    path: str  # field and keys, such as `tags.team` or `policies.secrets`; empty: the whole resource
    live: Any  # what AWS has; None for a resource that is missing
    want: Any  # what the file asks for; None for an orphan
    severity: Severity
    status: Status = Status.DRIFT
    service: str | None = None  # the service of the platform that the resource belongs to
    where: tuple[Any, ...] = ()  # the same as `path`, as they are; the last one of an item is the item itself
    item: bool = False  # an item of a set or list, which only one side has; the other one is None
    outputs: Outputs = field(default_factory=dict)  # ids of the live resource; empty if it is missing
    id: str = ""  # of an orphan: two of them may have one address
    note: str = ""  # what it means, such as `deployed by others`; empty where the values say it all
    words: str = ""  # what differs, where the two values do not say it, such as `the last deployment failed`
    held: str = ""  # why it is not corrected, in words for people; empty: nothing stands in the way

    @property
    def key(self) -> str:
        """A text that is the same in each round, and differs from those of all other differences."""
        return f"{self.address}{f'#{self.id}' if self.id else ''}{f'.{self.path}' if self.path else ''}"


class Known(enum.StrEnum):
    """Says what CloudTrail tells of a difference."""

    FOUND = "found"
    NOT_YET = "not shown yet"  # the event may still come: CloudTrail takes minutes, sometimes an hour
    NOT_FOUND = "not found"
    NOT_ASKED = "not asked yet"  # two requests a second are allowed for the whole account
    NOT_ALLOWED = "not allowed"  # cloudtrail:LookupEvents is denied
    TOO_OLD = "too old"  # CloudTrail keeps events for 90 days


@dataclass(frozen=True)
class Attribution:
    """Says who changed something and when, as far as AWS tells."""

    known: Known
    actor: str = ""  # such as `user alice` or `role Admin, session alice`
    at: str = ""  # when, as in 2026-11-27T22:14:03+00:00
    event: str = ""  # the API call, such as `ModifyRule`
    event_id: str = ""
    through: str = ""  # how it came: `console`, `a controller`, the name of another tool; empty: any client
    by_us: bool = False  # a run of this program made the call, under the name that such runs have
    exact: bool = False  # the call set the value that was found; else it is the last that touched the resource


@dataclass(frozen=True)
class NotCompared:
    """Says what could not be compared, and why. A report that has one is not clean."""

    what: str  # an address, a field of one, or a resource type
    why: str


@dataclass(frozen=True)
class Remark:
    """A thing that a report tells beside the differences: it is no drift, and nothing corrects it."""

    what: str  # such as an address, or the name of a foreign resource inside of ours
    words: str
    severity: Severity = Severity.CONFIGURATION


@dataclass(frozen=True)
class DriftReport:
    """All that one round found."""

    scope: Scope
    at: str  # when it was read, as in 2026-11-27T22:14:03+00:00
    digest: str  # of the file, see `Platform.digest`
    differences: tuple[Difference, ...] = ()
    not_compared: tuple[NotCompared, ...] = ()
    dangerous: tuple[Remark, ...] = ()  # what is not in the file and yet dangerous
    foreign: tuple[Remark, ...] = ()  # what others put into what is ours
    remarks: tuple[Remark, ...] = ()  # such as an `ignore` that matches nothing
    not_in_file: tuple[NotInFile, ...] = ()  # live values that the file leaves open
    applied: Applied | None = None  # what was applied last; None: it is not known
    obstacle: str = ""  # why nothing at all may be corrected; empty: nothing stands in the way
    who: Mapping[str, Attribution] = field(default_factory=dict)  # by `Difference.key`
    ids: Mapping[Address, Outputs] = field(default_factory=dict)  # of what is there and desired

    @property
    def drift(self) -> tuple[Difference, ...]:
        """The differences that are drift: neither ignored nor of a file that is not applied yet."""
        return tuple(d for d in self.differences if d.status is Status.DRIFT)

    @property
    def clean(self) -> bool:
        """Tell whether everything was compared, and is equal."""
        return not self.drift and not self.not_compared and not self.not_applied

    @property
    def not_applied(self) -> tuple[Difference, ...]:
        """The differences that an apply of the changed file would make."""
        return tuple(d for d in self.differences if d.status is Status.NOT_APPLIED)
