"""Texts that only say something on a terminal, and do nothing to it."""

import re

_UNESCAPED = re.compile(r"[\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]")


def printable(text: str) -> str:
    r"""Return the text with escapes, such as \x1b, for what a terminal obeys or nobody sees.

    Line ends and tabs remain. Names, tags, leases and AWS's errors may hold what somebody else wrote.
    """
    return text if text.isprintable() else "".join(_escape(c) for c in text)


def _escape(character: str) -> str:
    return character if character.isprintable() or character in "\n\t" else repr(character)[1:-1]


def printable_json(text: str) -> str:
    """Return a JSON document with JSON's escapes for those that may be in its strings as they are."""
    return _UNESCAPED.sub(lambda found: f"\\u{ord(found[0]):04x}", text)
