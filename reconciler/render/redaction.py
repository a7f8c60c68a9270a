"""Hide secrets in values of specs and calls. What is one, `desired_state.secrecy` decides."""

from collections.abc import Iterator, Mapping
from typing import Any, Self

from pydantic import BaseModel

from desired_state.secrecy import HIDDEN, find_pair, find_secrets, hide, name_of_pair, names_of_items
from reconciler.model.plan import Plan
from reconciler.model.references import Json

CHANGED = "(hidden, changed)"  # where two values are shown alike, and are not
REFERENCES = frozenset({"secrets"})  # fields that map variables to the ARNs of secrets, which are none


class Shown(str):
    """A text that names a secret and is none, whatever the key says under which it stands."""

    __slots__ = ()


class Hidden(str):
    """A text with `(hidden)` in the place of its secrets. Two of them are equal if the secrets are too."""

    __slots__ = ("name", "whole")
    name: str
    whole: str

    def __new__(cls, shown: str, name: str, whole: str) -> Self:
        """Make one from what may be shown, the name that it was judged by, and the whole text."""
        self = super().__new__(cls, shown)
        self.name, self.whole = name, whole
        return self

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Hidden) and self.whole == other.whole

    def __ne__(self, other: object) -> bool:  # which `str` has too
        return not self == other

    def __hash__(self) -> int:
        return hash(self.whole)


def redact(value: Any, name: str = "") -> Any:
    """Return a copy in which each text with a secret is `Hidden`. `name` is that of the field or key."""
    match value:
        case Shown():
            return value
        case str():
            shown = hide(name, value)
            return value if shown == value else Hidden(shown, name, value)
        case Json():
            return Json(redact(value.value, name))
        case BaseModel():
            return value.model_copy(update={k: redact_field(k, v) for k, v in value})
        case Mapping() if pair := find_pair(value):
            return {**value, pair: redact(value[pair], name_of_pair(value))}
        case Mapping():
            return {k: redact_field(str(k), v) for k, v in value.items()}
        case list() | tuple():
            names = names_of_items(name, value)
            return type(value)(redact(v, n) for n, v in zip(names, value, strict=True))
        case frozenset():
            return frozenset(redact(v, name) for v in value)
    return value


def redact_field(key: str, value: Any) -> Any:
    """Return a copy of a field's value as `redact` does, but for references to secrets, which are shown."""
    return value if key in REFERENCES and isinstance(value, Mapping) else redact(value, key)


def mark_changed(live: Any, want: Any) -> Any:
    """Return the desired value with `CHANGED` for secrets that alone make it differ from the live one."""
    match live, want:
        case Hidden(), Hidden() if live != want and str(live) == str(want):
            return Hidden(want.replace(HIDDEN, CHANGED), want.name, want.whole)
        case (list(), list()) | (tuple(), tuple()) if len(live) == len(want):
            return type(want)(mark_changed(a, b) for a, b in zip(live, want, strict=True))
    return want


def is_hidden(value: Any) -> bool:
    """Tell whether anything in JSON's values is hidden."""
    return any(True for _ in _find_hidden(value))


def known_secrets(plan: Plan) -> frozenset[str]:
    """Return the secrets in a plan: what AWS says of its calls may repeat them."""
    values: list[Any] = [*plan.desired.values()]
    values += [{f.field: value} for change in plan.changes for f in change.fields for value in (f.live, f.want)]
    values += [step.params for change in plan.changes for step in change.steps]
    return frozenset(s for v in values for h in _find_hidden(redact(v)) for s in find_secrets(h.name, h.whole))


def _find_hidden(value: Any) -> Iterator[Hidden]:
    match value:
        case Hidden():
            yield value
        case Json():
            yield from _find_hidden(value.value)
        case BaseModel():
            yield from (h for _, v in value for h in _find_hidden(v))
        case Mapping():
            yield from (h for v in value.values() for h in _find_hidden(v))
        case list() | tuple() | frozenset():
            yield from (h for v in value for h in _find_hidden(v))
