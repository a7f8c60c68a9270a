"""What can be done to AWS: calls, waits and rollouts as data; and what a try of one ends in."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple

from botocore import xform_name

if TYPE_CHECKING:
    from reconciler.model.references import Text

Outputs = Mapping[str, str]  # what AWS named a resource: "id", "arn", ... -> value


class ErrorMatch(NamedTuple):
    """An error of AWS's: its code (with or without `Exception`), and words that its message must hold."""

    code: str
    says: str = ""
    patience: float | None = None  # seconds, where it deserves less than its call


ErrorMatches = tuple[str | ErrorMatch, ...]


@dataclass(frozen=True)
class BlockerQuery:
    """A question to AWS: what blocks a step that is not done for long."""

    service: str
    operation: str
    params: Mapping[str, Any]
    path: str  # JMESPath to a list of ids, or of rows: an id, and what there is to tell of it
    what: str = ""  # said before each
    of: "BlockerQuery | None" = None  # asked before; what it finds becomes
    takes: str = ""  # this parameter: one id at a time, or all at once if it ends in []
    lasting: bool = False  # what it finds goes only when a person takes it away


@dataclass(frozen=True)
class Call:
    """One AWS call. Refs, Texts and Jsons inside `params` are resolved when it runs."""

    service: str
    operation: str
    params: Mapping[str, Any]
    outputs: Mapping[str, str] = field(default_factory=dict)  # name -> JMESPath in the response
    ignore: ErrorMatches = ()  # "already so"
    retry: ErrorMatches = ()  # "not yet"
    hold: ErrorMatches = ()  # "not without a person": neither done nor failed
    remedy: "Text | str" = ""  # what that person has to do
    patience: float = 180  # seconds of "not yet"
    blockers: tuple[BlockerQuery, ...] = ()  # what to tell where "not yet" goes on
    settling: bool = False  # dependents need not wait for it; the run does
    warnings: str = ""  # JMESPath in the response: what AWS took all the same, in words

    @property
    def title(self) -> str:
        """What it is called in logs and errors."""
        return f"{self.service}.{self.operation}"

    @property
    def reads(self) -> bool:
        """Whether it changes nothing, so that it may be repeated blindly."""
        return self.operation.startswith(("describe_", "get_", "list_", "batch_get_"))

    @property
    def asks(self) -> tuple[tuple[str, str], ...]:
        """Service and operation, of each call that one try makes."""
        return ((self.service, self.operation),)


@dataclass(frozen=True)
class Wait:
    """Something to wait for, in the form of botocore's own waiters."""

    service: str
    until: str  # such as load_balancer_active: what is told
    params: Mapping[str, Any]
    model: Mapping[str, Any]  # which operation to ask, and the acceptors of its answer
    outputs: Mapping[str, str] = field(default_factory=dict)  # name -> JMESPath in the last response
    why: str = ""  # JMESPath of what AWS says of how it stands, or went wrong
    settling: bool = False  # dependents need not wait for it; the run does
    patience: float = 600  # seconds
    blockers: tuple[BlockerQuery, ...] = ()  # what to tell where it goes on

    @property
    def title(self) -> str:
        """What it is called in logs and errors."""
        return f"{self.service}.{self.until}"

    @property
    def asks(self) -> tuple[tuple[str, str], ...]:
        """The call of one poll."""
        return ((self.service, xform_name(self.model["operation"])),)


@dataclass(frozen=True)
class Rollout:
    """A deployment of an ECS service, followed by its id to its end. It settles beside the rest."""

    params: Mapping[str, Any]  # cluster, service, deployment
    patience: float = 1800  # seconds
    balanced: bool = False  # a load balancer says how its tasks are
    outputs: Mapping[str, str] = field(default_factory=dict)  # none: nothing depends on how it ended
    settling: bool = True
    blockers: tuple[BlockerQuery, ...] = ()  # none: it says itself what keeps it
    title: ClassVar[str] = "rollout"

    @property
    def asks(self) -> tuple[tuple[str, str], ...]:
        """The calls of one look while nothing fails."""
        health = (("elbv2", "describe_target_health"),) if self.balanced else ()
        return ("ecs", "describe_services"), *health


Step = Call | Wait | Rollout


@dataclass(frozen=True)
class Warned:
    """A step's answer where it is done and AWS is not content."""

    outputs: Outputs
    warnings: tuple[str, ...]


@dataclass(frozen=True)
class NotYet:
    """A step's answer where it is to be tried again later."""

    why: BaseException | str | None = None
    answer_lost: bool = False  # it may have been done all the same: look first
    notes: Mapping[str, str] = field(default_factory=dict)  # id -> what a person should see once
    patience: float | None = None  # seconds, where this answer deserves less than its step


@dataclass(frozen=True)
class Held:
    """A step's answer where it waits for a person."""

    why: str
    remedy: str = ""
    cause: str | None = None  # key of the change that waits for one, where this one waits for that


Answer = Outputs | Warned | NotYet | Held  # of one try
