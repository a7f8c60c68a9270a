"""Files of variables in compose's form (docs.docker.com, "Syntax for environment files in Docker Compose")."""

import re
from collections.abc import Iterator
from pathlib import Path

from desired_state.contents import read_text
from desired_state.tree import KeyPath, Located, Position, Problem

_EMPTY = re.compile(r"[^\S\n]*(#[^\n]*)?(\n|\Z)")
_NAME = re.compile(r"[^\S\n]*(?:export[^\S\n]+)?(?P<name>[^\s=#'\"]+)[^\S\n]*=")
_SINGLE = re.compile(r"[^\S\n]*'(?P<value>(?:\\'|[^'])*)'")
_DOUBLE = re.compile(r'[^\S\n]*"(?P<value>(?:\\.|[^"\\])*)"', re.DOTALL)
_PLAIN = re.compile(r"(?![^\S\n]*['\"])(?P<value>[^\n]*?)(?=[^\S\n]+#[^\n]*(?:\n|\Z)|[^\S\n]*(?:\n|\Z))")
_SHELL = re.compile(r"\$[A-Za-z_{]")
_ESCAPES = {"n": "\n", "r": "\r", "t": "\t"}


def read_variables(path: Path, where: KeyPath) -> Iterator[Located | Problem]:
    """Yield the values of the variables of a file, each at its line, and what is wrong with it.

    `where` is the key that they go to. Raises `LoadError` if the file cannot be read.
    """
    text = read_text(path, Position(str(path))).replace("\r\n", "\n")
    place, line = 0, 1
    while place < len(text):
        before = place
        if empty := _EMPTY.match(text, place):
            place = empty.end()
        else:
            found, place = _read_variable(text, place, Position(str(path), line), where)
            yield found
        line += text.count("\n", before, place)


def _read_variable(text: str, start: int, at: Position, where: KeyPath) -> tuple[Located | Problem, int]:
    """Return the variable that begins here, or its problem, and where the line after it begins."""
    after_line = (text.find("\n", start) + 1) or len(text)
    here = Located(None, at, where)
    name = _NAME.match(text, start)
    if name is None:
        return Problem(here, "is no NAME=value, and nothing is taken from the shell"), after_line
    here = Located(None, at, (*where, name["name"]))
    for form in (_SINGLE, _DOUBLE, _PLAIN):
        if (value := form.match(text, name.end())) and (end := _EMPTY.match(text, value.end())):
            if form is not _SINGLE and _has_shell_variable(value["value"]):
                message = "holds $NAME, and nothing is taken from the shell: write it in single quotes if it is meant so"
                return Problem(here, message), end.end()
            written = _unescape(form, value["value"])
            return Located(written, at, here.where, written), end.end()
    return Problem(here, "has a quotation that does not end, or more behind it"), after_line


def _has_shell_variable(value: str) -> bool:
    return bool(_SHELL.search(re.sub(r"\\.", "", value, flags=re.DOTALL)))


def _unescape(form: re.Pattern[str], value: str) -> str:
    if form is _SINGLE:
        return value.replace("\\'", "'")
    if form is _DOUBLE:
        return re.sub(r"\\(.)", lambda match: _unescape_one(match[1]), value, flags=re.DOTALL)
    return value.strip()


def _unescape_one(character: str) -> str:
    """Return what a character after a backslash stands for; of those that stand for themselves, both stay."""
    return _ESCAPES.get(character) or (character if character in '\\"$' else f"\\{character}")
