"""What a resource type consists of."""

from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, Generic

from reconciler.aws.reads import Reads
from reconciler.model.plan import FieldDiff
from reconciler.model.spec import Live, S
from reconciler.model.steps import Step
from reconciler.model.tags import Tagging


@dataclass(frozen=True)
class Kind(Generic[S]):
    """A resource type: its spec, and how it is read, made right and removed. Only `read` talks to AWS."""

    spec: type[S]
    read: Callable[[Reads], Iterable[Live[S]]]
    """Yields what bears a wanted name, ours or not, and what is ours under other names; in few calls.
    Raises `ReadFailed`: an incomplete answer is never given."""
    ensure: Callable[[S, Live[S] | None], Iterable[Step]]
    """Yields, in order, the calls that make `want` of what lives: all of it, or only what differs."""
    remove: Callable[[Live[S]], Iterable[Step]]
    """Yields, in order, the calls that delete it. "Not found" is done."""
    heading: str
    """The heading of the plan under which it is shown, unless its spec says otherwise."""
    tagging: Tagging | None = None
    """How AWS tags it; None: what it hangs on says whose it is."""
    marked: Callable[[S, str], S] | None = None
    """The same spec, saying in itself which stack's it is, where a tag cannot."""
    revisioned: bool = False
    """An update of more than its tags yields a new id, as with task definitions."""
    clashes: Callable[[S, S], bool] | None = None
    """Whether one that goes (with Refs by plan name) and a new one, of this or another name, cannot coexist."""
    weak_refs: bool = False
    """Only names what it refers to: AWS lets that go first."""
    parents: Callable[[S], Any] | None = None
    """What would take one of others' along when AWS deletes it, or is deleted only after that; None: all its Refs."""
    takes: Callable[[Live[S]], Iterable[str]] | None = None
    """The ids of all that its removal deletes, where that is more than its own."""
    protected: Callable[[Live[S]], str] | None = None
    """What must be done first where AWS itself would refuse to delete it; empty where it would not."""
    interrupts: str = ""
    """What its replacement costs those who use the platform, where it does."""
    awaited: bool = False
    """Not ours to make: its change only waits for it, and only where another change needs it."""

    def changes_identity(self, fields: Iterable[FieldDiff]) -> bool:
        """Whether making these right yields a new id."""
        return self.revisioned and any(f.field != "tags" for f in fields)


Kinds = Mapping[str, Kind[Any]]


def read_all(reads: Reads, kinds: Kinds) -> tuple[Live[Any], ...]:
    """What bears a wanted name, and what is ours, of all these kinds at once. Raises `ReadFailed` if any could not be read."""

    def read_one(kind: Kind[Any]) -> list[Live[Any]]:
        return list(kind.read(reads))

    with ThreadPoolExecutor(len(kinds) or 1, "kind") as pool:
        return tuple(live for found in pool.map(read_one, kinds.values()) for live in found)
