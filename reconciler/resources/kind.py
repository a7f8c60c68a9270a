"""What a resource type consists of, and how all of them are read."""

from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any, Generic

from reconciler.aws.reads import Reads
from reconciler.model.plan import FieldDiff
from reconciler.model.references import Ref
from reconciler.model.spec import Live, S
from reconciler.model.steps import Step
from reconciler.model.tags import OwnerMark, Tagging


@dataclass(frozen=True)
class Relations(Generic[S]):
    """How the resources of a type stand to others, where the Refs in their fields do not say it."""

    parents: Callable[[S], Any] | None = None
    """Return the Refs to what AWS deletes together with it, or only after it; None: all of its Refs."""
    weak_refs: bool = False
    """Its Refs are names only: AWS deletes what they name without asking for it."""
    clashes: Callable[[S, S], bool] | None = None
    """Tell whether a live one that goes (its Refs by plan name) and a desired one cannot exist at the same time."""
    also_deletes: Callable[[Live[S]], Iterable[str]] | None = None
    """Return the ids of all that is deleted with it, where that is more than its own."""
    protected: Callable[[Live[S]], str] | None = None
    """Return what must be done first where AWS would refuse to delete it; an empty string where it would not."""
    revisioned: bool = False
    """An update of more than its tags gives it a new id, as with task definitions."""
    awaited: bool = False
    """Somebody else makes it: its change only waits for it, and only where another change needs it."""
    keeps_ids: Callable[[Ref], str | None] | None = None
    """Return the name of the resource that would have this id again if it were made anew; None: no id comes again."""


@dataclass(frozen=True)
class Kind(Generic[S]):
    """A resource type: its spec, and how it is read, made right and removed. Only `read` talks to AWS."""

    spec: type[S]
    read: Callable[[Reads], Iterable[Live[S]]]
    """Yield what bears a desired name, ours or not, and what is ours under other names; in few calls.
    Raises `ReadFailed`: an incomplete answer is never given."""
    ensure: Callable[[S, Live[S] | None], Iterable[Step]]
    """Yield, in order, the calls that create the desired resource, or update what differs in the live one."""
    remove: Callable[[Live[S]], Iterable[Step]]
    """Yield, in order, the calls that delete it. "Not found" counts as done."""
    relations: Relations[S] = field(default_factory=Relations)
    tagging: Tagging | OwnerMark | None = None
    """How its owner is kept in AWS; None: the resource that it belongs to says it."""
    actions: frozenset[str] = frozenset()
    """The IAM actions that its reads and writes need, such as `ec2:CreateVpc`."""

    @property
    def tag_call(self) -> Tagging | None:
        """How AWS tags it, if it does."""
        return self.tagging if isinstance(self.tagging, Tagging) else None

    def changes_identity(self, fields: Iterable[FieldDiff]) -> bool:
        """Tell whether making these fields right gives it a new id."""
        return self.relations.revisioned and any(f.field != "tags" for f in fields)


Kinds = Mapping[str, Kind[Any]]

COMMON_ACTIONS = frozenset(("tag:GetResources", "ec2:DescribeAvailabilityZones"))
"""The IAM actions that a run needs beside those of its resource types: what bears the stack's tag, and the zones."""


def actions(service: str, names: str) -> frozenset[str]:
    """Return IAM actions of one service from their names: `actions("ec2", "CreateVpc DeleteVpc")`."""
    return frozenset(f"{service}:{name}" for name in names.split())


def read_all(reads: Reads, kinds: Kinds) -> tuple[Live[Any], ...]:
    """Read all of these types at once. Raises `ReadFailed` if any of it could not be read."""

    def read_one(kind: Kind[Any]) -> list[Live[Any]]:
        return list(kind.read(reads))

    with ThreadPoolExecutor(len(kinds) or 1, "kind") as pool:
        return tuple(live for found in pool.map(read_one, kinds.values()) for live in found)
