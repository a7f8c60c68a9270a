"""The steps of a change (calls, waits and rollouts) as data, and the answers that a try of one gives."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple

from botocore import xform_name

if TYPE_CHECKING:
    from reconciler.model.references import Address, Ref, Text

Outputs = Mapping[str, str]  # what AWS named a resource: "id", "arn", ... -> value
READ_PREFIXES = ("describe_", "get_", "list_", "batch_get_")  # of operations that change nothing


class ErrorMatch(NamedTuple):
    """An error of AWS, recognised by its code and by words in its message."""

    code: str  # with or without `Exception` at its end
    message_contains: str = ""  # in whatever case
    patience: float | None = None  # seconds to go on trying after this error, if fewer than the call's own
    new: "tuple[Ref, ...]" = ()  # matches only if this run has created one of these, see `newness.if_new`
    known: float = 0  # seconds of patience where it created none of them, but one is ours; 0: no match
    half_done: bool = False  # AWS may have done a part of the call all the same: it is read before the next try
    unless: str = ""  # words in a message, in whatever case, with which it is no match


ErrorMatches = tuple[str | ErrorMatch, ...]  # a string is a code


@dataclass(frozen=True)
class BlockerQuery:
    """A query for the resources that keep a step from being done."""

    service: str
    operation: str
    params: Mapping[str, Any]
    path: str  # JMESPath to a list of ids, or of rows: an id, and what to say about it
    label: str = ""  # the word before each id, such as `task`
    source: "BlockerQuery | None" = None  # asked first: its ids become the value of `parameter`
    parameter: str = ""  # asked once for each id; once for all of them if the name ends in []
    needs_person: bool = False  # only a person can remove what it finds


class Amount(NamedTuple):
    """The number of things that are gone once a call is made: its change tells how many are left."""

    number: int
    unit: str  # such as `revisions`


@dataclass(frozen=True)
class Call:
    """One AWS call. Refs, Texts and Jsons inside `params` are resolved when it runs."""

    service: str  # boto3's name of it
    operation: str  # the client's method
    params: Mapping[str, Any]
    outputs: Mapping[str, str] = field(default_factory=dict)  # name -> JMESPath in the response
    ignore: ErrorMatches = ()  # errors that mean "already so": the call is done
    retry: ErrorMatches = ()  # errors that mean "not yet": the call is made again later
    hold: ErrorMatches = ()  # errors that only a person can end: the change is held, neither done nor failed
    remedy: "Text | str" = ""  # what that person has to do
    patience: float = 180  # seconds after the first "not yet" until the call fails
    blockers: tuple[BlockerQuery, ...] = ()  # asked where "not yet" goes on, to say what the call waits for
    settling: bool = False  # dependents do not wait for it, only the end of the run does
    warnings: str = ""  # JMESPath in the response to a list of texts: what AWS accepted but objects to
    refused: str = ""
    """JMESPath in the response to the code and message of each entry that AWS did not take, though the call as
    such succeeded. Each counts as an error of the call."""
    amount: Amount | None = None  # of many things, those that it is for
    role: str = ""  # ARN of the role by which it is made; empty: with the run's own credentials

    @property
    def title(self) -> str:
        """The name of the step in logs and errors."""
        return f"{self.service}.{self.operation}"

    @property
    def reads(self) -> bool:
        """Tell whether the call only reads, so that it is safe to repeat."""
        return self.operation.startswith(READ_PREFIXES)

    @property
    def asks(self) -> tuple[tuple[str, str], ...]:
        """The service and operation of each call that one try makes."""
        return ((self.service, self.operation),)


@dataclass(frozen=True)
class Wait:
    """A state in AWS to wait for, in the form of botocore's waiter models."""

    service: str  # boto3's name of it
    until: str  # name of the state in logs and errors, such as `load_balancer_active`
    params: Mapping[str, Any]
    model: Mapping[str, Any]  # the operation to poll, and the acceptors of its response
    outputs: Mapping[str, str] = field(default_factory=dict)  # name -> JMESPath in the last response
    why: str = ""  # JMESPath in the response to what AWS says about progress or failure
    settling: bool = False  # dependents do not wait for it, only the end of the run does
    for_outputs: bool = False
    """It only waits for its outputs: not at all, if the answers so far have given them."""
    patience: float = 600  # seconds after the first poll until the step fails
    blockers: tuple[BlockerQuery, ...] = ()  # asked where the wait goes on, to say what it waits for
    role: str = ""  # as of a call
    remedy: str = ""  # what a person has to do once it is out of patience: it is held then, and does not fail

    @property
    def title(self) -> str:
        """The name of the step in logs and errors."""
        return f"{self.service}.{self.until}"

    @property
    def asks(self) -> tuple[tuple[str, str], ...]:
        """The service and operation of the call that one poll makes."""
        return ((self.service, xform_name(self.model["operation"])),)


@dataclass(frozen=True)
class Rollout:
    """A deployment of an ECS service, followed by its id until it ends. Dependents do not wait for it."""

    params: Mapping[str, Any]  # cluster, service, deployment
    patience: float = 1800  # seconds after the first poll until the step fails
    outputs: Mapping[str, str] = field(default_factory=dict)  # none: nothing depends on how it ended
    settling: bool = True
    roles: "tuple[Ref, ...]" = ()  # that its tasks need
    roles_are_new: bool = False  # this run has made or changed one of them, so that it may not be in force yet
    blockers: tuple[BlockerQuery, ...] = ()  # none: ECS itself says what keeps a deployment
    title: ClassVar[str] = "rollout"

    @property
    def asks(self) -> tuple[tuple[str, str], ...]:
        """None: most polls share the question of another one, and those that ask take its turn themselves."""
        return ()


Step = Call | Wait | Rollout


@dataclass(frozen=True)
class Later:
    """A mark between steps: those after it become a change of their own, which comes later than the first.

    So they can be held or fail while the first ones are done, and what depends on the resource does not wait
    for them.
    """

    what: str  # names them in the key of their change, such as `traffic`
    why: str  # says to people what is done then, and when
    rolled_out: "Address | None" = None  # the resource whose rollouts must have succeeded
    last: bool = False  # they take something away: as deletions do, they wait until all else has succeeded
    otherwise: tuple[
        Step, ...
    ] = ()  # what takes the first steps back, if a hold or a failure keeps them from coming
    clean_up: bool = False
    """They begin once all needed writes are made, and go on beside the rollouts. Nothing waits for them, not
    even the end of the run: the next run goes on with what is left. Each of them can be repeated."""


def sum_amounts(steps: Iterable[Step]) -> Amount | None:
    """Return the number of the things that steps are for, such as 500 old revisions; None if they have none."""
    amounts = [step.amount for step in steps if isinstance(step, Call) and step.amount]
    return Amount(sum(amount.number for amount in amounts), amounts[0].unit) if amounts else None


def steps_of_part(steps: Iterable[Step | Later], what: str | None) -> tuple[Step, ...]:
    """Return the steps after the mark of that name, up to the next mark; for None, those before all marks."""
    return next((found for mark, found in split_parts(steps) if (mark.what if mark else None) == what), ())


def split_parts(steps: Iterable[Step | Later]) -> list[tuple[Later | None, tuple[Step, ...]]]:
    """Return the steps of each part, with the mark before it; the first part has none, and may be empty."""
    parts: list[tuple[Later | None, list[Step]]] = [(None, [])]
    for step in steps:
        if isinstance(step, Later):
            parts.append((step, []))
        else:
            parts[-1][1].append(step)
    return [(mark, tuple(found)) for mark, found in parts]


@dataclass(frozen=True)
class Warned:
    """An answer: the step is done, and AWS objects to something in it."""

    outputs: Outputs
    warnings: tuple[str, ...]


@dataclass(frozen=True)
class NotYet:
    """An answer: the step is to be tried again later."""

    why: BaseException | str | None = None
    answer_lost: bool = False  # AWS may have done it all the same: recover before the next try
    notes: Mapping[str, str] = field(default_factory=dict)  # id -> words that a person should see once
    patience: float | None = None  # seconds to go on trying after this answer, if fewer than the step's own
    half_done: bool = (
        False  # a part of it may be done, which the same call does not complete: read after it too
    )


@dataclass(frozen=True)
class Held:
    """An answer: the step waits for a person."""

    why: str
    remedy: str = ""
    cause: str | None = None  # key of the change that waits for a person, where this one waits for that change


Answer = Outputs | Warned | NotYet | Held  # of one try; outputs mean that the step is done
