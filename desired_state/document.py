"""YAML files to trees with positions. Nothing in a file is executed or constructed but plain values."""

import warnings
from pathlib import Path

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, ReusedAnchorWarning
from ruamel.yaml.nodes import Node
from ruamel.yaml.reader import ReaderError

from desired_state.mistakes import LoadError, Mistake
from desired_state.tree import At, Located
from desired_state.walk import Walk

LONGEST = 1 << 20  # bytes of a file


def read(path: Path) -> tuple[Located, list[Mistake]]:
    """The tree of a file, and the mistakes with which it can still be read on."""
    at = At(str(path))
    try:
        root = _compose(_text(path, at), at)
        if root is None:
            return Located({}, at), []
        walk = Walk(at.path)
        tree = walk.tree(root, at, ())
    except RecursionError:
        raise LoadError([Mistake(*at, "", "is nested too deeply")]) from None
    if not isinstance(tree.value, dict):
        raise LoadError(
            [*walk.mistakes, tree.mistake("holds no keys; a platform file begins with platform: NAME")]
        )
    return tree, walk.mistakes


def _text(path: Path, at: At) -> str:
    try:
        with path.open("rb") as file:
            data = file.read(LONGEST + 1)
    except OSError as error:
        raise LoadError([Mistake(at.path, 0, 0, "", (error.strerror or str(error)).lower())]) from None
    if len(data) > LONGEST:
        raise LoadError([Mistake(*at, "", f"is longer than {LONGEST:,} bytes; is it a platform file?")])
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = data[: error.start]
        column = error.start - before.rfind(b"\n")
        message = f"byte 0x{data[error.start]:02x} is not UTF-8; save the file as UTF-8"
        raise LoadError([Mistake(at.path, before.count(b"\n") + 1, column, "", message)]) from None


def _compose(text: str, at: At) -> Node | None:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ReusedAnchorWarning)  # YAML 1.2 allows it: the last one counts
            root: Node | None = YAML(typ="safe", pure=True).compose(text)
            return root
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        position = At(at.path, mark.line + 1, mark.column + 1) if mark else at
        raise LoadError([Mistake(*position, "", f"is not YAML: {error.problem or error.context}")]) from None
    except ReaderError as error:
        before = text[: error.position]
        column = error.position - before.rfind("\n")
        message = f"is not YAML: character {text[error.position]!r} is not allowed"
        raise LoadError([Mistake(at.path, before.count("\n") + 1, column, "", message)]) from None
