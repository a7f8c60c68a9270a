"""References to the outputs of other resources, inside any value: find them, replace them, resolve them."""

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel, BeforeValidator

from reconciler.model.frozen import FrozenDict

RUN = "run"
"""As the attribute of a Ref: a text that is the same all through one run, and another in each run."""


@dataclass(frozen=True, order=True)
class Address:
    """Identifies a resource in a plan by its kind and its name."""

    kind: str
    name: str

    def __str__(self) -> str:
        return f"{self.kind}.{self.name}"


def first_addresses(addresses: Sequence[Address], most: int) -> str:
    """Format the first addresses and the number of the others in one line."""
    more = len(addresses) - most
    return ", ".join(map(str, addresses[:most])) + (f" and {more} more" if more > 0 else "")


@dataclass(frozen=True, order=True)
class Ref:
    """Refers to an output of a resource, such as its id.

    The resource is given by its name in the plan; one `by_id` gives the output's value in AWS instead.
    """

    kind: str
    name: str  # of one by_id the value itself, such as `vpc-1`
    attr: str = "id"  # the output's name in `Outputs`
    by_id: bool = False

    @property
    def address(self) -> Address:
        """The address of the resource; for one `by_id` its kind and the value."""
        return Address(self.kind, self.name)


@dataclass(frozen=True)
class Text:
    """A string that contains outputs of other resources; it is completed when its call runs.

    Each Ref fills one `{}`, in order. Other braces are kept as they are, since the text may come from AWS.
    """

    template: str
    refs: tuple[Ref, ...]

    def fill(self, word_for: Callable[[Ref], str]) -> str:
        """Return the text with `word_for(ref)` in the place of each Ref.

        Raises `ValueError` if a Ref has no place.
        """
        first, *others = self.template.split("{}", len(self.refs))
        words = map(word_for, self.refs)
        return first + "".join(word + text for word, text in zip(words, others, strict=True))


@dataclass(frozen=True)
class Json:
    """A document that AWS takes as JSON text. Refs and Texts in it are resolved when its call runs."""

    value: Any


def refers_to(kind: str, attr: str = "id") -> BeforeValidator:
    """Return the validator of a field that holds a Ref: a plain string becomes a Ref by that AWS id."""
    return BeforeValidator(lambda v: Ref(kind, v, attr, by_id=True) if isinstance(v, str) else v)


Resolve = Callable[[Ref], Any]


def walk(value: Any) -> Iterator[Ref]:
    """Yield every Ref in the value, in no particular order."""
    left = [value]
    while left:
        match left.pop():
            case str() | int() | None:  # first, as most values are plain
                continue
            case Ref() as ref:
                yield ref
            case Text(refs=held):
                left += held
            case Json(value=document):
                left.append(document)
            case BaseModel() as model:
                left += vars(model).values()
            case Mapping() as mapping:
                left += mapping.keys()
                left += mapping.values()
            case list() | tuple() | set() | frozenset() as several:
                left += several


def refs(spec: BaseModel) -> Iterator[Ref]:
    """Yield every Ref by plan name in the spec, those of `after` included."""
    return (ref for ref in walk(spec) if not ref.by_id)


def substitute(value: Any, fn: Resolve) -> Any:
    """Return the value with fn(ref) in the place of every Ref in it."""
    match value:
        case str() | int() | None:
            return value
        case Ref():
            return fn(value)
        case Text():
            return Text(value.template, tuple(fn(r) for r in value.refs))
        case Json():
            return Json(substitute(value.value, fn))
        case BaseModel():
            return value.model_copy(update={k: substitute(v, fn) for k, v in value})
        case Mapping():
            replaced = {substitute(k, fn): substitute(v, fn) for k, v in value.items()}
            return FrozenDict(replaced) if isinstance(value, FrozenDict) else replaced
        case list() | tuple() | set() | frozenset():
            return type(value)(substitute(v, fn) for v in value)
    return value


def resolve(value: Any, fn: Callable[[Ref], str]) -> Any:
    """Return the value as botocore takes it: Refs become ids, Texts strings, and Jsons JSON text."""
    match value:
        case Ref():
            return fn(value)
        case Text():
            return value.fill(fn)
        case Json():
            return json.dumps(resolve(value.value, fn), sort_keys=True)
        case Mapping():
            return {k: resolve(v, fn) for k, v in value.items()}
        case list() | tuple():
            return [resolve(v, fn) for v in value]
    return value


def fingerprint(value: Any) -> str:
    """Return six hexadecimal digits for the value, the same in every process. Physical names contain them."""
    return digest(value).hex()[:6]


def digest(value: Any) -> bytes:
    """Return the SHA-256 digest of the value, the same in every process."""
    return hashlib.sha256(_canonical(value).encode()).digest()


def _canonical(value: Any) -> str:
    match value:
        case Ref():
            return f"{value.address}.{value.attr}{'!' if value.by_id else ''}"
        case Text():
            return _canonical([value.template, *value.refs])
        case Json():
            return _canonical(value.value)
        case BaseModel():
            return _canonical(dict(value))
        case Mapping():
            return "{" + ",".join(sorted(f"{k}:{_canonical(v)}" for k, v in value.items())) + "}"
        case set() | frozenset():
            return "{" + ",".join(sorted(map(_canonical, value))) + "}"
        case list() | tuple():
            return "[" + ",".join(map(_canonical, value)) + "]"
        case str():
            return json.dumps(value)  # a member of a string enum is written as its value
    return repr(value)
