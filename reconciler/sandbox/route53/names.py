r"""Names in DNS as Route 53 keeps them: lower case, a final dot, and octal escapes as in `\052` for `*`."""

import re

_PLAIN = re.compile(r"[a-z0-9._-]")
_ESCAPE = re.compile(r"\\(\d{3})")


def normalise(name: str) -> str:
    """Return a name as Route 53 tells it (its developer guide, "DNS domain name format")."""
    text = _ESCAPE.sub(lambda found: chr(int(found[1], 8)), name).lower().rstrip(".")
    return "".join(c if _PLAIN.fullmatch(c) else f"\\{ord(c):03o}" for c in text) + "."


def lies_in(name: str, zone: str) -> bool:
    """Tell whether a normalised name is the zone's or one below it."""
    return f".{name}".endswith(f".{zone}")
