"""The specs of desired resources, and live resources as AWS has them."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar, Generic, Self, TypeVar

from pydantic import BaseModel, ConfigDict

from reconciler.model.frozen import FrozenDict
from reconciler.model.references import Address, Ref
from reconciler.model.steps import Outputs

# Marks of a spec's fields, as in Annotated[str, IMMUTABLE]
IMMUTABLE = "immutable"  # AWS cannot change the field in place
OBSERVED = "observed"  # compared only where AWS gives a value: a live None means that it is unknown
UNCOMPARED = "uncompared"  # never compared: AWS knows no such field
# A mapping of which AWS may drop empty values: lacking them is no diff, unless the live one has an empty value
DROPS_EMPTY = "drops empty"


@dataclass(frozen=True)
class Declared:
    """Marks a field of which only the declared part is compared: a mapping's desired keys, nothing if None.

    In a part, and in each item of a set or a mapping of parts, marked fields are compared in the same way.
    """

    also: Callable[[Any], bool] | None = None
    """Tell whether a live value is compared although the desired one lacks its key, or a set lacks the item.

    None: such a value of a mapping is not compared, such an item of a set is.
    """


DECLARED = Declared()
EACH = Declared(also=lambda _value: True)  # of a mapping, all keys are compared, in its parts what is declared


class Part(BaseModel):
    """A frozen piece of a spec, with read-only mappings."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    def model_post_init(self, _context: Any) -> None:
        """Freeze the mappings."""
        _freeze_mappings(self)

    def model_copy(self, *, update: Mapping[str, Any] | None = None, deep: bool = False) -> Self:
        """Return a copy, with other values for some fields. They are not validated."""
        copy = super().model_copy(update=update, deep=deep)
        _freeze_mappings(copy)
        return copy


def _freeze_mappings(part: Part) -> None:
    for name, value in vars(part).items():
        if type(value) is dict:
            vars(part)[name] = FrozenDict(value)


class Spec(Part):
    """A resource, desired or live. A desired field that is None is not managed."""

    kind: ClassVar[str]
    name: str
    """The name in the plan; see `physical_name` for the one in AWS."""
    tags: Mapping[str, str] = {}
    """Desired: the tags to set; other keys are left alone. Live: all tags except AWS's own (`aws:`)."""
    after: Annotated[frozenset[Ref], UNCOMPARED] = frozenset()
    """Dependencies that no other field shows."""
    service: Annotated[str | None, UNCOMPARED] = None
    """The service of the platform that it belongs to; None: none, or several. AWS keeps it as a tag."""
    why: Annotated[str, UNCOMPARED] = ""
    """Why the file needs it, in a few words, if it does not ask for it by name."""
    of_the_job: Annotated[bool, UNCOMPARED] = False
    """True: the job that corrects drift runs by it, so the job only reports how it differs."""

    @property
    def address(self) -> Address:
        """The kind and the name in the plan."""
        return Address(self.kind, self.name)

    @property
    def immutable(self) -> dict[str, Any]:
        """The fields that AWS cannot change in place, with their values."""
        return {f: getattr(self, f) for f, i in type(self).model_fields.items() if IMMUTABLE in i.metadata}

    @property
    def physical_name(self) -> str:
        """The name in AWS. It contains a hash where a resource and its replacement must coexist."""
        return self.name

    def ref(self, attr: str = "id") -> Ref:
        """Return a Ref to an output of this resource, for a field of another one."""
        return Ref(self.kind, self.name, attr)

    def parts(self) -> Iterable["Spec"]:
        """Yield the resources that this spec consists of: several if AWS needs more than one for it."""
        yield self


P = TypeVar("P", bound=Part)
S = TypeVar("S", bound=Spec)


@dataclass(frozen=True)
class Blocker:
    """Something of others, of a kind that no plan holds, because of which AWS refuses to delete a resource."""

    what: str  # such as `network interface eni-1 (Interface for NAT Gateway nat-1)`
    remedy: str  # what a person can do: an AWS CLI command if one is enough


@dataclass(frozen=True)
class Live(Generic[S]):
    """A resource as AWS has it: a spec of the same type as the desired one, its ids, and its owner."""

    spec: S
    outputs: Outputs  # its ids in AWS; always with `id`
    owner: str | None = None  # the stack that its tags name; None: no stack
    blockers: tuple[Blocker, ...] = ()  # of its deletion, as far as the reads show them

    @property
    def key(self) -> str:
        """Its address and id, such as `vpc.main#vpc-1`: unique even if two live resources have one address."""
        return f"{self.spec.address}#{self.outputs['id']}"

    @property
    def own_refs(self) -> tuple[Ref, ...]:
        """The Refs by id by which other live resources may refer to this one."""
        return tuple(Ref(self.spec.kind, value, attr, by_id=True) for attr, value in self.outputs.items())


def parts(specs: Iterable[Spec]) -> dict[Address, Spec]:
    """Return all resources that the specs consist of, by address."""
    return {part.address: part for spec in specs for part in spec.parts()}
