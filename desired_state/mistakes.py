"""Mistakes in a platform file, for a person to correct."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

_MAX_MISTAKES = 100
_MAX_LENGTH = 800  # characters of a message, and of a key


def _cut(text: str) -> str:
    """Return the text, without its middle if it is long: the end of a message says what to do."""
    half = _MAX_LENGTH // 2
    return text if len(text) <= _MAX_LENGTH else f"{text[:half]} … {text[-half:]}"


@dataclass(frozen=True, order=True)
class Mistake:
    """A mistake; line and column count from 1 and are 0 for a value from outside of the files (--env)."""

    path: str
    line: int
    column: int
    where: str  # format_key key, "" for the file as a whole
    message: str

    def __str__(self) -> str:
        position = f"{self.path}:{self.line}:{self.column}" if self.line else self.path
        line = ": ".join(part for part in (position, self.where, self.message) if part)
        return "".join(c if c.isprintable() else repr(c)[1:-1] for c in line)  # one line, safe on a terminal


class LoadError(Exception):
    """The platform file is wrong; `mistakes` holds the first ones that were found, sorted by position.

    If there are more than anybody reads, the last one says how many. Long ones are cut.
    """

    def __init__(self, mistakes: Iterable[Mistake]) -> None:
        found = sorted(set(mistakes))
        shown = [replace(m, where=_cut(m.where), message=_cut(m.message)) for m in found[:_MAX_MISTAKES]]
        if more := len(found) - len(shown):
            shown.append(Mistake(found[0].path, 0, 0, "", f"and {more:,} more mistakes"))
        self.mistakes = tuple(shown)
        super().__init__("\n".join(map(str, self.mistakes)))
