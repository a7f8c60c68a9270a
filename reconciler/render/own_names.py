"""Texts without the names in them, to find those that are alike but for names."""

import re
from collections.abc import Iterable

OWN = "\0"  # in place of a name


def hide_names(texts: Iterable[str], names: Iterable[str]) -> tuple[str, ...]:
    """Return the texts with a mark in place of each of these names, where it stands as a word of its own."""
    longest_first = sorted({*names} - {""}, key=len, reverse=True)
    own = re.compile(rf"(?<![0-9A-Za-z])({'|'.join(map(re.escape, longest_first))})(?![0-9A-Za-z])")
    return tuple(own.sub(OWN, text) for text in texts) if longest_first else tuple(texts)
