"""The known word that is nearest to one that somebody wrote."""

import difflib
from collections.abc import Iterable
from typing import TypeVar

T = TypeVar("T")

_MAX_COMPARED = 100  # characters of a word that is compared; comparing takes time by the square of them


def find_near(word: object, known: Iterable[T]) -> T | None:
    """Return the known word that is near to `word`, or the number nearest to a number; None if none is."""
    if isinstance(word, int | float):
        numbers = [(abs(n - word), n) for n in known if isinstance(n, int)]
        return min(numbers)[1] if numbers else None
    names, text = {str(k).lower(): k for k in known}, str(word).lower()
    if not text or len(text) > _MAX_COMPARED:
        return None
    near = difflib.get_close_matches(text, names, n=1) or [n for n in names if n.startswith(text)]
    return names[near[0]] if near else None


def suggest(word: object, known: Iterable[object]) -> str:
    """Return "; did you mean …?" with the known word nearest to `word`, or "" if none is near."""
    near = find_near(word, known)
    return f"; did you mean {near}?" if near is not None else ""
