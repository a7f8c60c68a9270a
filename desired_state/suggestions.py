"""Suggestions of what to write instead. Each is tried before it is made: a file that has it would load."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from pydantic import ValidationError

from desired_state.checks import check
from desired_state.locations import locate
from desired_state.near import find_near
from desired_state.platform import Platform
from desired_state.short_forms import expand
from desired_state.tree import KeyPath, Located, find, located, to_plain
from desired_state.yaml_line import write

_NAMES = {"platform": "x", "environment": "x"}  # what every file needs


def choose(
    tree: Located, where: KeyPath, candidates: Iterable[Any], needs: Iterable[KeyPath] = ()
) -> str | None:
    """Return the first candidate that is right at this place, as YAML; None if there is none.

    `needs` are the paths of the values that it has to go with.
    """
    for value in candidates:
        text = write(value)
        if text and _is_right(tree, where, located(value, Located(None, tree.at, where, text)), needs):
            return text
    return None


def find_key(tree: Located, where: KeyPath, known: Iterable[str]) -> str | None:
    """Return the known key that is nearest to the last one of this path, and not written beside it."""
    parent, node = find(tree, where[:-1]), find(tree, where)
    return find_near(where[-1], [key for key in known if not _is_written_beside(parent.child(key), node)])


def may_rename(tree: Located, where: KeyPath, key: str) -> bool:
    """Tell whether the value at this path would be right under another key beside it."""
    return _is_right(tree, (*where[:-1], key), find(tree, where), check_rules=False)


def _is_written_beside(one: Located | None, other: Located) -> bool:
    """Tell whether two keys are in the same mapping of the same file; others come from defaults or the base."""
    return one is not None and (one.at.path, one.where[:-1]) == (other.at.path, other.where[:-1])


def _is_right(
    tree: Located, where: KeyPath, node: Located, needs: Iterable[KeyPath] = (), *, check_rules: bool = True
) -> bool:
    """Tell whether a file with this value, and what it needs, has no mistake in it.

    The file that is tried holds little else, so that a try takes the same time however large the tree is.
    """
    trial = located(_NAMES, Located(None, tree.at))
    for path in (where, *needs):
        whole = _without_index(path)
        if (found := find(tree, whole)).value is not None and (whole != where):
            trial = _plant(trial, whole, found)
    trial = expand(_plant(trial, where, node), Platform)
    try:
        platform = Platform.model_validate(to_plain(trial))
    except ValidationError as error:
        wrong = [locate(e) for e in error.errors(include_url=False) if e["type"] != "missing"]
    else:
        wrong = [violation.where for violation in check(platform)] if check_rules else []
    return not any(path[: len(where)] == where for path in wrong)


def _without_index(where: KeyPath) -> KeyPath:
    """Return the path of the outermost list on the way, which is tried whole, or the path itself."""
    first = next((i for i, key in enumerate(where) if isinstance(key, int)), len(where))
    return where[:first]


def _plant(tree: Located | None, where: KeyPath, node: Located) -> Located:
    """Return the tree with a node at this path, and mappings on the way to it."""
    if not where:
        return node
    tree, key, rest = tree or Located({}, node.at), where[0], where[1:]
    if isinstance(tree.value, tuple) and isinstance(key, int):
        below = _plant(tree.child(key), rest, node)
        return replace(tree, value=(*tree.value[:key], below, *tree.value[key + 1 :]))
    keys = tree.value if isinstance(tree.value, Mapping) else {}
    return replace(tree, value={**keys, key: _plant(tree.child(key), rest, node)})
