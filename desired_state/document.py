"""Reading a YAML file as a tree with positions. Only plain values are constructed; nothing is executed."""

import re
import warnings
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, ReusedAnchorWarning
from ruamel.yaml.nodes import Node
from ruamel.yaml.reader import ReaderError

from desired_state.contents import read_text
from desired_state.mistakes import LoadError, Mistake
from desired_state.secrecy import conceal
from desired_state.tree import Located, Position
from desired_state.tree_builder import TreeBuilder


def read(path: Path) -> tuple[Located, list[Mistake]]:
    """Return the tree of a file and its mistakes; raise LoadError for one that prevents reading on."""
    at = Position(str(path))
    try:
        root = _compose(read_text(path, at), at)
        if root is None:
            return Located({}, at), []
        builder = TreeBuilder(at.path)
        tree = builder.build(root, at, ())
    except RecursionError:
        raise LoadError([Mistake(*at, "", "is nested too deeply")]) from None
    if not isinstance(tree.value, dict):
        raise LoadError(
            [*builder.mistakes, tree.mistake("holds no keys; a platform file begins with platform: NAME")]
        )
    return tree, builder.mistakes


def _conceal_at(mark: Any, text: str, problem: str) -> str:
    """Return YAML's words about a place in the text, without a secret value that is there."""
    line = text.splitlines()[mark.line] if mark and mark.line < len(text.splitlines()) else ""
    before, after = line[: mark.column], line[mark.column :]
    key = re.search(r"([\w.-]+)[\"']?\s*:\s*$", before)
    value = re.match(r"[*&!]?([^\s,}\]]*)", after)
    return conceal((key[1],), value[1], problem) if key and value else problem


def _compose(text: str, at: Position) -> Node | None:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ReusedAnchorWarning)  # YAML 1.2 allows it: the last one counts
            root: Node | None = YAML(typ="safe", pure=True).compose(text)
            return root
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        position = Position(at.path, mark.line + 1, mark.column + 1) if mark else at
        problem = _conceal_at(mark, text, str(error.problem or error.context))
        raise LoadError([Mistake(*position, "", f"is not YAML: {problem}")]) from None
    except ReaderError as error:
        before = text[: error.position]
        column = error.position - before.rfind("\n")
        message = f"is not YAML: character {text[error.position]!r} is not allowed"
        raise LoadError([Mistake(at.path, before.count("\n") + 1, column, "", message)]) from None
