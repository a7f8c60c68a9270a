"""What is to be done, why it may not be, and how it ended."""

import enum
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from reconciler.model.references import Address
from reconciler.model.spec import Live, Spec
from reconciler.model.steps import Held, Outputs, Step


@dataclass(frozen=True)
class FieldDiff:
    """One field that differs. Of `tags`, only the keys that are ours and differ."""

    field: str
    live: Any
    want: Any


class Op(enum.StrEnum):
    """What happens to a resource."""

    CREATE = "create"
    UPDATE = "update"
    DELETE = "delete"
    AWAIT = "await"


@dataclass(frozen=True)
class Change:
    """What will be done to one resource. Printed, saved and run as it is."""

    key: str  # of what is wanted its address, of what goes its address and AWS id
    address: Address
    op: Op
    fields: tuple[FieldDiff, ...]
    steps: tuple[Step, ...]
    after: frozenset[str]  # keys of the changes that must be done before
    outputs: Outputs
    service: str | None = None  # of the platform, that the resource belongs to
    want: Spec | None = None  # None: a deletion
    live: Live[Any] | None = None  # None: a creation
    replaces: str | None = None  # key of the deletion that this one stands in for


@dataclass(frozen=True)
class Conflict:
    """Why a plan may not be run at all."""

    address: Address
    why: str
    remedy: str
    strangers: frozenset[str] = frozenset()  # keys of what is not ours and told of here


@dataclass(frozen=True)
class Plan:
    """The changes, in an order in which they could be made one by one."""

    changes: tuple[Change, ...]
    ids: Mapping[Address, Outputs]  # of the resources that already exist and stay
    conflicts: tuple[Conflict, ...] = ()
    foreign: tuple[Live[Any], ...] = ()  # not ours, beside ours: reported and left
    wanted: Mapping[Address, Spec] = field(default_factory=dict)  # what it was planned for
    known: Mapping[Address, Spec] = field(default_factory=dict)  # that, or for a destroy what the file holds


@dataclass
class Outcome:
    """How an apply ended, by the keys of the plan's changes."""

    done: list[str] = field(default_factory=list)
    held: dict[str, Held] = field(default_factory=dict)
    failed: dict[str, BaseException] = field(default_factory=dict)
    skipped: dict[str, str] = field(default_factory=dict)  # never begun -> what it waited for; "" if stopped
    interrupted: list[str] = field(default_factory=list)  # begun, then stopped
    stopped: bool = False
    ids: dict[Address, Outputs] = field(default_factory=dict)  # of what lives, as far as it is known
