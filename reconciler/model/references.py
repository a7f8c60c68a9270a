"""Values that refer to outputs of other resources: find the references, replace them, put strings together."""

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from pydantic import BaseModel, BeforeValidator


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
    """A string with other resources' outputs in it, put together when its call runs.

    Each ref takes the place of one `{}`, in order. All other text stays as it is, braces included: it may be AWS's.
    """

    template: str
    refs: tuple[Ref, ...]

    def fill(self, word_for: Callable[[Ref], str]) -> str:
        """Return the text with `word_for(ref)` in the place of each ref."""
        first, *others = self.template.split("{}", len(self.refs))
        words = map(word_for, self.refs)
        return first + "".join(word + text for word, text in zip(words, others, strict=True))


@dataclass(frozen=True)
class Json:
    """A document that AWS takes as JSON text; may hold Refs and Texts, put together when its call runs."""

    value: Any


def refers_to(kind: str, attr: str = "id") -> BeforeValidator:
    """A field that holds a Ref; a bare string is what AWS calls the thing."""
    return BeforeValidator(lambda v: Ref(kind, v, attr, foreign=True) if isinstance(v, str) else v)


Resolve = Callable[[Ref], Any]


def walk(value: Any) -> Iterator[Ref]:
    """Every Ref in the value, in no particular order."""
    left = [value]
    while left:
        match left.pop():
            case str() | int() | None:  # most of what there is
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
    """Every Ref by plan name in the spec, `after` included."""
    return (ref for ref in walk(spec) if not ref.foreign)


def substitute(value: Any, fn: Resolve) -> Any:
    """The same value with every Ref in it replaced by fn(ref)."""
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
            return replaced if isinstance(value, dict) else MappingProxyType(replaced)
        case list() | tuple() | set() | frozenset():
            return type(value)(substitute(v, fn) for v in value)
    return value


def resolve(value: Any, fn: Callable[[Ref], str]) -> Any:
    """The value as botocore takes it: Refs become ids, Texts strings, Jsons JSON text."""
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
    """Six hexadecimal digits that are the same in every process for the same value. Physical names hold them."""
    return hashlib.sha256(_canonical(value).encode()).hexdigest()[:6]


def _canonical(value: Any) -> str:
    match value:
        case Ref():
            return f"{value.address}.{value.attr}{'!' if value.foreign else ''}"
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
            return json.dumps(value)  # of an enum its value
    return repr(value)
