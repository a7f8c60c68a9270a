"""Where the name of a value stands beside it: in a pair, in the option before it, or in the same text."""

import re
from collections.abc import Collection, Iterator, Mapping
from typing import Any

from desired_state.secrecy.names import is_secret_name


def find_pair(value: Mapping[Any, Any]) -> str | None:
    """Return the key of the value in a pair such as `{"name": …, "value": …}` or `{"Key": …, "Value": …}`."""
    keys = {str(key).lower(): key for key in value}
    known = "value" in keys and keys.keys() & {"name", "key"}
    return str(keys["value"]) if known else None


def name_of_pair(value: Mapping[Any, Any]) -> str:
    """Return the name in a pair that `find_pair` has found."""
    return str(next(v for k, v in value.items() if str(k).lower() in {"name", "key"}))


def names_of_items(name: str, items: Collection[Any]) -> Iterator[str]:
    """Yield the name that each item is judged by: its list's, or that of an option before it (`--token`, X)."""
    option = ""
    for item in items:
        is_option = isinstance(item, str) and item.startswith("-")
        yield option if option and not is_option else name
        option = item if is_option and "=" not in item and is_secret_name(item) else ""


def value_after_name(text: str, *, is_key: bool) -> str:
    """Return what follows a secret's name in a text that is meant to be one word; empty if nothing does.

    People who forget the colon, or the space after it, write `DB_PASSWORD hunter2` and `DB_PASSWORD:hunter2`.
    In a value, a colon may belong to an ARN or an image.
    """
    gaps = re.finditer(r"\s+|:" if is_key else r"\s+", text)
    first = next((gap for gap in gaps if is_secret_name(text[: gap.start()])), None)
    return text[first.end() :].lstrip() if first else ""
