"""The nouns of the engine. All of it frozen data; nothing here performs I/O."""

import enum
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Generic, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict

from reconciler.steps import Outputs, Step

if TYPE_CHECKING:
    from reconciler.reads import Reads
    from reconciler.tags import Tagging

IMMUTABLE = "immutable"  # Annotated[..., IMMUTABLE]: AWS cannot change this field in place
OBSERVED = "observed"  # compared only where AWS tells it: a live None means that nobody knows
UNCOMPARED = "uncompared"  # the engine's own, not AWS's


@dataclass(frozen=True, order=True)
class Address:
    """Which resource: its kind, and its name in the plan."""

    kind: str
    name: str

    def __str__(self) -> str:
        return f"{self.kind}.{self.name}"


@dataclass(frozen=True, order=True)
class Ref:
    """Another resource's output: by its name in the plan, or `foreign`, by the value that AWS gave."""

    kind: str
    name: str
    attr: str = "id"
    foreign: bool = False

    @property
    def address(self) -> Address:
        """The resource that is meant; of a foreign Ref, its kind and AWS id."""
        return Address(self.kind, self.name)


@dataclass(frozen=True)
class Text:
    """A string with other resources' outputs in it, put together when its call runs."""

    template: str  # for str.format, one positional field to a ref
    refs: tuple[Ref, ...]


@dataclass(frozen=True)
class Json:
    """A document that AWS takes as JSON text; may hold Refs and Texts, put together when its call runs."""

    value: Any


def refers_to(kind: str, attr: str = "id") -> BeforeValidator:
    """A field that holds a Ref; a bare string is what AWS calls the thing."""
    return BeforeValidator(lambda v: Ref(kind, v, attr, foreign=True) if isinstance(v, str) else v)


class Part(BaseModel):
    """A frozen piece of a spec."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Spec(Part):
    """One resource. A field that is `None` is not ours to manage."""

    kind: ClassVar[str]
    name: str
    tags: dict[str, str] = {}
    """The keys that are ours to put right; other people's keys are left alone."""
    after: Annotated[frozenset[Ref], UNCOMPARED] = frozenset()
    """An order that no field shows."""
    heading: Annotated[str, UNCOMPARED] = ""
    """Under which heading the plan shows it; empty: its kind's."""

    @property
    def address(self) -> Address:
        """Its kind and its name in the plan."""
        return Address(self.kind, self.name)

    @property
    def immutable(self) -> dict[str, Any]:
        """The fields that AWS cannot change in place."""
        return {f: getattr(self, f) for f, i in type(self).model_fields.items() if IMMUTABLE in i.metadata}

    @property
    def physical_name(self) -> str:
        """What AWS will call it. Kinds whose old and new must coexist put a hash in."""
        return self.name

    def ref(self, attr: str = "id") -> Ref:
        """An output of this resource, for another one's field."""
        return Ref(self.kind, self.name, attr)

    def parts(self) -> Iterable["Spec"]:
        """What this spec stands for; more than itself where AWS needs two steps."""
        yield self


S = TypeVar("S", bound=Spec)


@dataclass(frozen=True)
class Live(Generic[S]):
    """What AWS has: the same type as what is wanted, the ids that AWS gave it, and whose it is."""

    spec: S
    outputs: Outputs
    owner: str | None = None  # the stack that its tags name

    @property
    def key(self) -> str:
        """Unique among all that lives, also where two bear one address."""
        return f"{self.spec.address}#{self.outputs['id']}"

    @property
    def handles(self) -> tuple[Ref, ...]:
        """All by which others may refer to it, in AWS's words."""
        return tuple(Ref(self.spec.kind, value, attr, foreign=True) for attr, value in self.outputs.items())


@dataclass(frozen=True)
class FieldDiff:
    """One field that differs. Of `tags`, only the keys that are ours and differ."""

    field: str
    live: Any
    want: Any


@dataclass(frozen=True)
class Kind(Generic[S]):
    """A resource type: its spec, and how it is read, made right and removed. Only `read` talks to AWS."""

    spec: type[S]
    read: Callable[["Reads"], Iterable[Live[S]]]
    """Yields what bears a wanted name, ours or not, and what is ours under other names; in few calls.
    Raises `NotRead`: an incomplete answer is never given."""
    ensure: Callable[[S, Live[S] | None], Iterable[Step]]
    """Yields, in order, the calls that make `want` of what lives: all of it, or only what differs."""
    remove: Callable[[Live[S]], Iterable[Step]]
    """Yields, in order, the calls that delete it. "Not found" is done."""
    heading: str
    """The heading of the plan under which it is shown, unless its spec says otherwise."""
    tagging: "Tagging | None" = None
    """How AWS tags it; None: what it hangs on says whose it is."""
    marked: Callable[[S, str], S] | None = None
    """The same spec, saying in itself which stack's it is, where a tag cannot."""
    revisioned: bool = False
    """An update of more than its tags yields a new id, as with task definitions."""
    clashes: Callable[[S, S], bool] | None = None
    """Whether one that goes (with Refs by plan name) and a new one, of this or another name, cannot coexist."""
    mentions: bool = False
    """Only names what it refers to: AWS lets that go first."""
    hangs_on: Callable[[S], Any] | None = None
    """What would take one of others' along when AWS deletes it, or is deleted only after that; None: all its Refs."""
    takes: Callable[[Live[S]], Iterable[str]] | None = None
    """The ids of all that its removal deletes, where that is more than its own."""
    protected: Callable[[Live[S]], str] | None = None
    """What must be done first where AWS itself would refuse to delete it; empty where it would not."""
    interrupts: str = ""
    """What its replacement costs those who use the platform, where it does."""
    external: bool = False
    """Not ours to make: its change only waits for it, and only where another change needs it."""

    def renews(self, fields: Iterable[FieldDiff]) -> bool:
        """Whether making these right yields a new id."""
        return self.revisioned and any(f.field != "tags" for f in fields)


Kinds = Mapping[str, Kind[Any]]


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
    heading: str
    want: Spec | None = None  # None: a deletion
    live: Live[Any] | None = None  # None: a creation
    replaces: str | None = None  # key of the deletion that this one stands in for
    interrupts: str = ""  # what that costs those who use the platform


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


def parts(specs: Iterable[Spec]) -> dict[Address, Spec]:
    """All that the specs stand for, by address."""
    return {part.address: part for spec in specs for part in spec.parts()}
