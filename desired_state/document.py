"""Reading a YAML file as a tree with positions. Only plain values are constructed; nothing is executed."""

import warnings
from pathlib import Path

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, ReusedAnchorWarning
from ruamel.yaml.nodes import Node
from ruamel.yaml.reader import ReaderError

from desired_state.contents import read_text
from desired_state.mistakes import LoadError, Mistake
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


def _compose(text: str, at: Position) -> Node | None:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ReusedAnchorWarning)  # YAML 1.2 allows it: the last one counts
            root: Node | None = YAML(typ="safe", pure=True).compose(text)
            return root
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        position = Position(at.path, mark.line + 1, mark.column + 1) if mark else at
        raise LoadError([Mistake(*position, "", f"is not YAML: {error.problem or error.context}")]) from None
    except ReaderError as error:
        before = text[: error.position]
        column = error.position - before.rfind("\n")
        message = f"is not YAML: character {text[error.position]!r} is not allowed"
        raise LoadError([Mistake(at.path, before.count("\n") + 1, column, "", message)]) from None
