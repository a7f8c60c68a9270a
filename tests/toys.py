"""Small resource types for tests of the engine, and an AWS in memory that has them and fails on demand."""

from collections import Counter
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from typing import Annotated, Any, ClassVar

from reconciler.apply import apply
from reconciler.aws.clock import Clock
from reconciler.aws.reads import Reads, Stack
from reconciler.errors import ReadFailed
from reconciler.model import tags
from reconciler.model.plan import Outcome, Plan
from reconciler.model.references import Ref, refers_to, walk
from reconciler.model.spec import IMMUTABLE, OBSERVED, Live, Spec
from reconciler.model.steps import Call, Held, NotYet, Wait
from reconciler.plan import plan
from reconciler.resources.kind import Kind, Relations

STACK = Stack("shop/dev/us-east-1", "dev")
REF = refers_to("toy")
LOOK = {"operation": "DescribeToys", "acceptors": []}


class Toy(Spec):
    """A resource that can coexist with its replacement."""

    kind: ClassVar[str] = "toy"
    color: Annotated[str, IMMUTABLE] = "red"
    size: int | None = 0
    seen: Annotated[int | None, OBSERVED] = None
    hub: Annotated[Ref | None, REF] = None
    links: frozenset[Annotated[Ref, REF]] = frozenset()
    recipe: Annotated[Ref | None, refers_to("recipe")] = None
    picture: Annotated[Ref | None, refers_to("picture")] = None
    slot: Annotated[Ref | None, refers_to("slot")] = None


class Slot(Spec):
    """A resource that cannot coexist with another one in the same place."""

    kind: ClassVar[str] = "slot"
    place: Annotated[int, IMMUTABLE] = 0
    depth: Annotated[int, IMMUTABLE] = 0
    on: Annotated[Ref | None, REF, IMMUTABLE] = None


class Recipe(Spec):
    """A resource whose updates create new revisions."""

    kind: ClassVar[str] = "recipe"
    text: str = ""


class Picture(Spec):
    """A resource that others make, as an image."""

    kind: ClassVar[str] = "picture"


def _ensure(want: Spec, live: Live[Any] | None) -> Iterator[Call | Wait]:
    fields = {k: sorted(v) if isinstance(v, frozenset) else v for k, v in want if k not in ("after", "service")}
    if live and want.kind != "recipe":
        yield Call("toys", f"change_{want.name}", {"id": want.ref(), "fields": fields})
    else:
        params = {"kind": want.kind, "fields": fields}
        yield Call("toys", f"make_{want.name}", params, {"id": "Id"})


def _remove(live: Live[Any]) -> Iterator[Call]:
    yield Call("toys", f"drop_{live.spec.name}", {"drop": live.outputs["id"]})


def _look(want: Picture, _live: Live[Picture] | None) -> Iterator[Call]:
    yield Call(
        "toys", f"get_{want.name}", {"look": want.name}, {"id": "Id"}, hold=("Missing",), remedy="paint it"
    )


def _read(cls: type[Spec]) -> Any:
    return lambda reads: reads.aws.shown(cls)


KINDS = {
    "toy": Kind(Toy, _read(Toy), _ensure, _remove, tagging=tags.EC2),
    "slot": Kind(
        Slot,
        _read(Slot),
        _ensure,
        _remove,
        Relations(
            clashes=lambda live, want: live.place == want.place,
            interrupts=lambda want, live: "ships wait" if want.depth != live.depth else "",
        ),
        tags.EC2,
    ),
    "recipe": Kind(Recipe, _read(Recipe), _ensure, _remove, Relations(revisioned=True), tags.EC2),
    "picture": Kind(Picture, _read(Picture), _look, _remove, Relations(awaited=True)),
}
CLASSES = {name: kind.spec for name, kind in KINDS.items()}


def make(cls: type[Spec], name: str, **fields: Any) -> Any:
    """Return a desired spec with the tags of the stack."""
    return cls(name=name, tags={tags.STACK: STACK.name, tags.NAME: name}, **fields)


def toy(name: str, **fields: Any) -> Toy:
    made: Toy = make(Toy, name, **fields)
    return made


@dataclass
class Shelf:
    """An AWS that has toys. The first tries of an operation end in its `troubles`, in order."""

    things: dict[str, Live[Any]] = field(default_factory=dict)  # by id
    calls: list[str] = field(default_factory=list)  # operations, in the order of their tries
    troubles: dict[str, list[Any]] = field(default_factory=dict)
    lag: int = 0  # number of reads to come that find nothing yet
    unread: int = 0  # number of reads to come that fail
    _ids: Iterator[int] = field(default_factory=lambda: count(1))

    def put(self, spec: Spec, owner: str | None = STACK.name) -> str:
        """Add a live resource and return its id. Its spec holds ids in the place of plan names, as in AWS."""
        own_id = f"{spec.kind}-{next(self._ids):03}"
        self.things[own_id] = Live(spec, {"id": own_id}, owner)
        return own_id

    def shown(self, cls: type[Spec]) -> list[Live[Any]]:
        if self.unread:
            self.unread -= 1
            raise ReadFailed("AWS did not answer")
        if self.lag:
            self.lag -= 1
            return []
        return [live for live in self.things.values() if isinstance(live.spec, cls)]

    def attempt(self, step: Any, *_: Any) -> Any:
        self.calls.append(step.operation)
        troubles = self.troubles.get(step.operation)
        match troubles.pop(0) if troubles else None:
            case "lost before":
                return NotYet("reset", answer_lost=True)
            case "lost after":
                self._do(step.params)
                return NotYet("reset", answer_lost=True)
            case NotYet() | Held() as answer:
                return answer
            case BaseException() as error:
                raise error
        return self._do(step.params)

    def _do(self, params: Any) -> Any:
        match params:
            case {"kind": kind, "fields": fields}:
                return {"id": self.put(CLASSES[kind](**fields))}
            case {"id": own_id, "fields": fields}:
                old = self.things[own_id]
                self.things[own_id] = Live(type(old.spec)(**fields), old.outputs, old.owner)
            case {"drop": own_id}:
                users = [
                    live.key for live in self.things.values() if any(r.name == own_id for r in walk(live.spec))
                ]
                assert not users, f"{own_id} is in use by {users}"
                self.things.pop(own_id, None)
            case {"look": name}:
                found = next((i for i, live in self.things.items() if live.spec.name == name), None)
                return {"id": found} if found else Held(f"{name} is missing", "paint it")
        return {}

    def plan(self, *desired: Spec, file: Iterable[Spec] = ()) -> Plan:
        return plan(KINDS, desired, list(self.things.values()), STACK.name, file)

    def names(self) -> Counter[str]:
        return Counter(str(live.spec.address) for live in self.things.values())


@dataclass
class Time:
    """A clock that advances only by `rest`."""

    at: float = 0
    rests: list[float] = field(default_factory=list)

    def rest(self, seconds: float) -> None:
        self.rests.append(seconds)
        self.at += seconds

    @property
    def clock(self) -> Clock:
        return Clock(lambda: self.at, self.rest)


@contextmanager
def reading(aws: Any) -> Iterator[Reads]:
    with ThreadPoolExecutor(4) as pool:
        yield Reads(aws, STACK, pool)


def act(aws: Any, todo: Plan, **options: Any) -> Outcome:
    """Apply a plan in simulated time."""
    with reading(aws) as reads:
        return apply(reads, KINDS, todo, **{"clock": Time().clock} | options)


def settle(shelf: Shelf, *desired: Spec, file: Iterable[Spec] = ()) -> list[str]:
    """Plan, apply and plan again; return what was done. Nothing may fail; the second plan must be empty."""
    todo = shelf.plan(*desired, file=file)
    assert not todo.conflicts, todo.conflicts
    outcome = act(shelf, todo)
    assert len(outcome.done) == len(todo.changes), outcome
    left = shelf.plan(*desired, file=file)
    assert not left.changes, "the second plan must be empty"
    return [f"{c.op} {c.address}" for c in todo.changes]
