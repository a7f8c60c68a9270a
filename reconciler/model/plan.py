"""A plan: the changes that will be made, the conflicts that forbid them, and the outcome of an apply."""

import enum
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from reconciler.model.aws_default import NotInFile
from reconciler.model.references import Address
from reconciler.model.spec import Live, Spec
from reconciler.model.steps import Amount, Held, Later, Outputs, Step


@dataclass(frozen=True)
class FieldDiff:
    """A field that differs. For `tags`, both values hold only the desired keys that differ."""

    field: str
    live: Any
    want: Any


class Op(enum.StrEnum):
    """Says what a change does to its resource."""

    CREATE = "create"
    UPDATE = "update"
    DELETE = "delete"
    AWAIT = "await"  # no write: it waits for a resource that others make, or for AWS to finish


@dataclass(frozen=True)
class Change:
    """Says what will be done to one resource. It is printed, saved and run as it is."""

    key: str  # unique in a plan: the address of a desired resource, `Live.key` of one that is deleted
    address: Address
    op: Op
    fields: tuple[FieldDiff, ...]
    steps: tuple[Step, ...]
    after: frozenset[str]  # keys of the changes that must be done before
    outputs: Outputs  # ids of the live resource; empty if there is none
    service: str | None = None  # the service of the platform that the resource belongs to
    want: Spec | None = None  # None: a deletion
    live: Live[Any] | None = None  # None: a creation
    loses: str = ""  # the data that a deletion deletes for good, such as `12 images`
    replaces: str | None = None  # key of the deletion that this creation is the replacement for
    seamless: bool = False  # nobody notices the replacement, which needs no consent
    moved: bool = False  # what it replaces stood at another address, and does the same work there
    later: Later | None = None  # the mark that its steps came after: it is a later part of what is done
    after_rollout: frozenset[str] = frozenset()  # those of `after` whose rollouts must have succeeded before
    interrupts: str = ""  # what it costs those who use the platform; empty: nothing
    lingers: bool = False  # a deletion that takes long: it comes after all others

    @property
    def takes_away(self) -> bool:
        """Tell whether others may still need what it takes away, as long as not all else has succeeded."""
        return self.op is Op.DELETE or (self.later is not None and self.later.last)

    @property
    def is_clean_up(self) -> bool:
        """Tell whether nothing waits for it, not even the end of the run."""
        return self.later is not None and self.later.clean_up

    @property
    def label(self) -> str:
        """The address, and for a later part what it does: `listener_rule.alb-dev-http-web (traffic)`."""
        return f"{self.address} ({self.later.what})" if self.later else str(self.address)


@dataclass(frozen=True)
class Conflict:
    """Says why a plan may not be run at all."""

    address: Address
    why: str
    remedy: str  # what a person can do about it
    foreign: frozenset[str] = frozenset()  # keys of the foreign resources that it names


@dataclass(frozen=True)
class PlanWarning:
    """Says what a person should know of a plan, which may be run all the same."""

    why: str
    address: Address | None = None  # the resource that it is about, if it is about one
    remedy: str = ""  # what a person can do about it
    of_environment: bool = False  # the whole stack may be a slip: apply refuses it without --new-environment


@dataclass(frozen=True)
class Scope:
    """Says which stack a plan is for, and in which account and region of AWS."""

    stack: str
    account: str
    region: str

    def __str__(self) -> str:
        return f"{self.stack} in account {self.account}"  # a stack's name ends in its region


@dataclass(frozen=True)
class Plan:
    """The changes that make live resources as desired, in an order in which they could be made one by one."""

    changes: tuple[Change, ...]
    ids: Mapping[Address, Outputs]  # of the live resources that are kept
    conflicts: tuple[Conflict, ...] = ()
    foreign: tuple[Live[Any], ...] = ()  # live resources that are not ours: reported, and left alone
    desired: Mapping[Address, Spec] = field(default_factory=dict)  # empty for a destroy
    in_file: Mapping[Address, Spec] = field(default_factory=dict)  # what the file asks for, for a destroy too
    warnings: tuple[PlanWarning, ...] = ()
    not_in_file: tuple[NotInFile, ...] = ()  # told, and left as it is: neither a change nor a warning
    scope: Scope | None = None  # None: of a script, which knows its session

    def with_findings(self, found: Iterable[Conflict | PlanWarning]) -> "Plan":
        """Return the plan with these conflicts and warnings before its own."""
        findings = tuple(found)
        conflicts = tuple(x for x in findings if isinstance(x, Conflict))
        warnings = tuple(x for x in findings if isinstance(x, PlanWarning))
        return replace(self, conflicts=(*conflicts, *self.conflicts), warnings=(*warnings, *self.warnings))


@dataclass
class Outcome:
    """Says how an apply ended, by the keys of the plan's changes."""

    done: list[str] = field(default_factory=list)
    held: dict[str, Held] = field(default_factory=dict)
    failed: dict[str, BaseException] = field(default_factory=dict)
    skipped: dict[str, str] = field(default_factory=dict)  # never begun -> the key it waited for; "" if stopped
    interrupted: list[str] = field(default_factory=list)  # begun, then stopped
    left: dict[str, Amount] = field(default_factory=dict)  # of clean-up, what the next run goes on with
    stopped: bool = False  # somebody asked to stop
    ids: dict[Address, Outputs] = field(default_factory=dict)  # of live resources, as far as they are known
