"""Parsed YAML with the position of each value."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from desired_state.mistakes import Mistake
from desired_state.secrecy import conceal

KeyPath = tuple[str | int, ...]  # keys and indexes from the root


class Position(NamedTuple):
    """A position in a file, counted from 1; line 0 for a value that no file holds."""

    path: str
    line: int = 1
    column: int = 1


@dataclass(frozen=True, slots=True)
class Located:
    """A value with the position of its key (in a list: its own). Merging changes neither `at` nor `where`."""

    value: Any  # a scalar, Mapping[str, Located] or tuple[Located, ...]
    at: Position
    where: KeyPath = ()
    text: str = ""  # a scalar as written; that of a short form also in the list or mapping that it stands for
    option: str = ""  # of a command's word: the secret-looking option before it, such as --token

    def child(self, key: str | int) -> "Located | None":
        """Return the value at this key or index; None if there is none."""
        found: Located | None = None
        if isinstance(self.value, Mapping):
            found = self.value.get(key)
        elif isinstance(self.value, tuple) and isinstance(key, int) and key < len(self.value):
            found = self.value[key]
        return found

    def mistake(self, message: str) -> Mistake:
        """Return a mistake at the position of this value. Its message does not repeat what is secret in it."""
        value = self.text or (self.value if isinstance(self.value, str) else "")
        names = (*self.where, self.option) if self.option else self.where
        where = conceal(self.where, "", format_key(self.where))
        return Mistake(*self.at, where, conceal(names, value, message))


class Problem(NamedTuple):
    """A value that is wrong, and the message about it."""

    node: Located
    message: str
    known: tuple[str, ...] = ()  # the keys that there are, if the message needs them


def format_key(where: KeyPath) -> str:
    """Format a path: ("routes", 0, "priority") becomes routes[0].priority."""
    return "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in where).removeprefix(".")


def to_plain(node: Located) -> Any:
    """Return the value without positions; lists become tuples."""
    match node.value:
        case Mapping():
            return {key: to_plain(child) for key, child in node.value.items()}
        case tuple():
            return tuple(to_plain(child) for child in node.value)
    return node.value


def located(value: Any, node: Located) -> Located:
    """Return a plain value as a tree in which all has the position and the text of this node."""
    match value:
        case Mapping():
            below = {k: located(v, replace(node, where=(*node.where, k))) for k, v in value.items()}
            return replace(node, value=below)
        case list() | tuple():
            items = (located(v, replace(node, where=(*node.where, i))) for i, v in enumerate(value))
            return replace(node, value=tuple(items))
    return replace(node, value=value)


def find(tree: Located, where: KeyPath) -> Located:
    """Return the node at this path; if there is none, an empty one at the position of the nearest above."""
    node = tree
    for depth, key in enumerate(where):
        child = node.child(key)
        if child is None:
            return Located(None, node.at, node.where + where[depth:])
        node = child
    return node


def put(tree: Located, where: KeyPath, new: Located | None) -> Located:
    """Return the tree with another node at this path, or without one if `new` is None."""
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


def remove(tree: Located, wrong: Iterable[KeyPath]) -> Located:
    """Return the tree without the nodes at these paths, in one pass."""
    here: dict[str | int, list[KeyPath]] = defaultdict(list)
    for where in filter(None, wrong):
        here[where[0]].append(where[1:])

    def keep(key: str | int, child: Located) -> Iterator[Located]:
        if key not in here:
            yield child
        elif () not in here[key]:
            yield remove(child, here[key])

    if isinstance(tree.value, Mapping):
        kept = {key: child for key, old in tree.value.items() for child in keep(key, old)}
        return replace(tree, value=kept)
    if isinstance(tree.value, tuple):
        return replace(tree, value=tuple(n for i, old in enumerate(tree.value) for n in keep(i, old)))
    return tree
