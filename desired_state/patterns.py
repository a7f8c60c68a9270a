"""Patterns of ELB's path and host conditions: * stands for any characters, none included, and ? for one."""

import re


def takes_all(pattern: str, other: str) -> bool:
    """Tell whether every text that matches `other` matches `pattern`. If it cannot be certain, it says no.

    The other pattern is read as a text, in which * is a character that only a * of the pattern can take.
    """
    pattern, other = _normalize(pattern), _normalize(other)
    at, star, retry = 0, -1, 0  # the place in the pattern, its last *, and where in `other` that one began
    place = 0
    while place < len(other):
        symbol = pattern[at : at + 1]
        if symbol == "*":
            star, retry, at = at, place, at + 1
        elif symbol and (symbol == other[place] or (symbol == "?" and other[place] != "*")):
            at, place = at + 1, place + 1
        elif star >= 0:
            retry += 1
            at, place = star + 1, retry
        else:
            return False
    return not pattern[at:].strip("*")


def _normalize(pattern: str) -> str:
    """Return the pattern with each run of wildcards as its ?, and then one * if it has any."""
    return re.sub(r"[*?]*\*[*?]*", lambda run: "?" * run[0].count("?") + "*", pattern)
