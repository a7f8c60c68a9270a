"""Parsed YAML that remembers where each value was written."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from desired_state.mistakes import Mistake

Where = tuple[str | int, ...]  # keys and indexes from the root


class At(NamedTuple):
    """A position, counted from 1; line 0 for what no file holds."""

    path: str
    line: int = 1
    column: int = 1


@dataclass(frozen=True, slots=True)
class Located:
    """A value, at its key (in a list: at itself). Merging moves it; `where` stays as written."""

    value: Any  # a scalar, Mapping[str, Located] or tuple[Located, ...]
    at: At
    where: Where = ()
    text: str = ""  # of a scalar, as written

    def child(self, key: str | int) -> "Located | None":
        found: Located | None = None
        if isinstance(self.value, Mapping):
            found = self.value.get(key)
        elif isinstance(self.value, tuple) and isinstance(key, int) and key < len(self.value):
            found = self.value[key]
        return found

    def mistake(self, message: str) -> Mistake:
        return Mistake(*self.at, dotted(self.where), message)


class Problem(NamedTuple):
    """What is wrong with a value."""

    node: Located
    message: str


def dotted(where: Where) -> str:
    """("routes", 0, "priority") is routes[0].priority."""
    return "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in where).removeprefix(".")


def plain(node: Located) -> Any:
    """The value without positions; lists as tuples."""
    match node.value:
        case Mapping():
            return {key: plain(child) for key, child in node.value.items()}
        case tuple():
            return tuple(plain(child) for child in node.value)
    return node.value


def find(tree: Located, where: Where) -> Located:
    """What stands there; for what nobody wrote, an empty value at the nearest that somebody did."""
    node = tree
    for depth, key in enumerate(where):
        child = node.child(key)
        if child is None:
            return Located(None, node.at, node.where + where[depth:])
        node = child
    return node


def put(tree: Located, where: Where, new: Located | None) -> Located:
    """The tree with another value there, or without it."""
    if not where:
        return tree if new is None else new
    key, rest = where[0], where[1:]
    if rest:
        child = tree.child(key)
        new = put(child, rest, new) if child else None
    if isinstance(tree.value, Mapping):
        changed = {**tree.value, key: new}
        return replace(tree, value={k: v for k, v in changed.items() if v is not None})
    if isinstance(tree.value, tuple) and isinstance(key, int):
        return replace(
            tree, value=tuple(v for v in (*tree.value[:key], new, *tree.value[key + 1 :]) if v is not None)
        )
    return tree
