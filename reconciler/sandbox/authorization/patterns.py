"""Patterns of policies: `*` for any characters, also `/` and `:`, `?` for one, `${aws:username}` for a value.

(IAM user guide, "Resource", "Policy elements: variables and tags".)
"""

import re
from collections.abc import Mapping
from functools import lru_cache

Keys = Mapping[str, tuple[str, ...]]
"""The condition keys of a request, by their names in lower case; each may have several values."""

_PART = re.compile(r"(\$\{[^}]*\}|\*|\?)")
_WILD = {"*": ".*", "?": "."}
_LITERAL = {"${*}": r"\*", "${?}": r"\?", "${$}": r"\$"}
_NEVER = re.compile(r"(?!)")


def matches(pattern: str, text: str, keys: Keys, *, with_case: bool = True) -> bool:
    """Tell whether the whole text matches the pattern; its variables have the values of these keys."""
    compiled = (
        _compile(pattern, with_case) if "${" not in pattern else _compile_filled(pattern, keys, with_case)
    )
    return compiled.fullmatch(text) is not None


def fill(text: str, keys: Keys) -> str | None:
    """Return the text with its variables replaced, where wildcards mean nothing; None without a value."""
    filled = [_value(part, keys) if part.startswith("${") else part for part in _PART.split(text)]
    return None if None in filled else "".join(part for part in filled if part)


@lru_cache(maxsize=4096)
def _compile(pattern: str, with_case: bool) -> re.Pattern[str]:
    parts = (_WILD.get(part) or re.escape(part) for part in _PART.split(pattern))
    return re.compile("".join(parts), re.DOTALL | (0 if with_case else re.IGNORECASE))


def _compile_filled(pattern: str, keys: Keys, with_case: bool) -> re.Pattern[str]:
    filled = []
    for part in _PART.split(pattern):
        value = _value(part, keys) if part.startswith("${") else None
        if part.startswith("${") and value is None:
            return _NEVER  # a variable without a value matches nothing
        filled.append(_WILD.get(part) or re.escape(part if value is None else value))
    return re.compile("".join(filled), re.DOTALL | (0 if with_case else re.IGNORECASE))


def _value(variable: str, keys: Keys) -> str | None:
    """Return the value of `${key}` or `${key, 'default'}`, or what `${*}`, `${?}` and `${$}` stand for."""
    if variable in _LITERAL:
        return variable[2]
    name, _, default = variable[2:-1].partition(",")
    found = keys.get(name.strip().lower(), ())
    if len(found) == 1:
        return found[0]
    return default.strip()[1:-1] if default else None
