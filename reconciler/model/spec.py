"""One resource as it is desired, and one as AWS has it."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Annotated, Any, ClassVar, Generic, TypeVar

from pydantic import BaseModel, ConfigDict

from reconciler.model.references import Address, Ref
from reconciler.model.steps import Outputs

IMMUTABLE = "immutable"  # Annotated[..., IMMUTABLE]: AWS cannot change this field in place
OBSERVED = "observed"  # compared only where AWS tells it: a live None means that nobody knows
UNCOMPARED = "uncompared"  # the engine's own, not AWS's


@dataclass(frozen=True)
class Declared:
    """Compare only what the desired value declares: of a mapping its keys, and nothing where it is None.

    Of a part, or of each item of a set of parts, the fields that bear this mark too are compared in that way.
    """

    also: Callable[[Any], bool] = lambda _value: False
    """Which values of a live mapping are compared although nobody declares their keys."""


DECLARED = Declared()


class Part(BaseModel):
    """A frozen piece of a spec. Its mappings cannot be changed either."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    def model_post_init(self, _context: Any) -> None:
        """Replace each mapping by a read-only view of it."""
        for name, value in vars(self).items():
            if isinstance(value, dict):
                vars(self)[name] = MappingProxyType(value)


class Spec(Part):
    """One resource. A field that is `None` is not ours to manage."""

    kind: ClassVar[str]
    name: str
    tags: Mapping[str, str] = {}
    """The keys that are ours to put right; other people's keys are left alone."""
    after: Annotated[frozenset[Ref], UNCOMPARED] = frozenset()
    """An order that no field shows."""
    service: Annotated[str | None, UNCOMPARED] = None
    """The service of the platform that it belongs to; None: to none, or to several. AWS keeps it as a tag."""

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


P = TypeVar("P", bound=Part)
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


def parts(specs: Iterable[Spec]) -> dict[Address, Spec]:
    """All that the specs stand for, by address."""
    return {part.address: part for spec in specs for part in spec.parts()}
