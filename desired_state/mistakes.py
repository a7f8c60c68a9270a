"""Mistakes in a platform file, for a person to correct."""

from collections.abc import Iterable
from dataclasses import dataclass


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
    """The platform file is wrong; `mistakes` holds everything that was found, sorted by position."""

    def __init__(self, mistakes: Iterable[Mistake]) -> None:
        self.mistakes = tuple(sorted(set(mistakes)))
        super().__init__("\n".join(map(str, self.mistakes)))
