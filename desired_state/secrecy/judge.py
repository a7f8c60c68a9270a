"""The judge: what of a value may be shown, given its name."""

import json
import re
from collections.abc import Iterator, Mapping
from itertools import accumulate
from typing import Any

from desired_state.secrecy.names import is_secret_name
from desired_state.secrecy.pairs import find_pair, name_of_pair, names_of_items
from desired_state.secrecy.plain import is_plain
from desired_state.secrecy.randomness import is_random
from desired_state.secrecy.texts import HIDDEN, hide_in_text

MAX_DEPTH = 50  # of JSON that is taken apart; what is deeper is judged as a text
_URL = re.compile(r"(?:jdbc:[a-z]+:|[a-z][a-z0-9+.-]*://).+", re.IGNORECASE | re.DOTALL)
_IDS = re.compile(  # names of values that are random and no secret
    r"(image|tag|uri|url|arn|id|ids|uuid|guid|digest|sha\d*|md5|hash|checksum|etag|commit|revision|version"
    r"|fingerprint|thumbprint|trace|build|release|name|hosts?|hostname|public_?key|site_?key|path|paths)[_-]?\d*$",
    re.IGNORECASE,
)
_WORDS = re.compile(r"[^\s,;:|\"'`<>()\[\]{}=]+={0,2}")


def hide(name: str, value: str) -> str:
    """Return what may be shown of a value: all, or with `(hidden)` for the secret parts, or only that."""
    if is_secret_name(name) and not is_plain(name, value):
        return hide_in_text(value) if _URL.fullmatch(value) else HIDDEN
    if (document := _parse(value)) is not None:
        shown = hide_in_document(document)
        return value if shown == document else json.dumps(shown, ensure_ascii=False)
    shown = hide_in_text(value)
    return shown if _IDS.search(name) else _WORDS.sub(_hide_random, shown)


def hide_in_document(value: Any, name: str = "") -> Any:
    """Return a copy of JSON's values with secrets hidden; lists take the name of their key."""
    match value:
        case str():
            return hide(name, value)
        case Mapping() if pair := find_pair(value):
            return {**value, pair: hide_in_document(value[pair], name_of_pair(value))}
        case Mapping():
            return {k: hide_in_document(v, str(k)) for k, v in value.items()}
        case list():
            return [hide_in_document(v, n) for n, v in zip(names_of_items(name, value), value, strict=True)]
    return value


def _parse(value: str) -> Any:
    """Return the value of a text that is a JSON object or array; None for any other text."""
    depths = accumulate((c in "{[") - (c in "}]") for c in value)
    if value[:1] not in ("{", "[") or max(depths, default=0) > MAX_DEPTH:
        return None
    try:
        return json.loads(value)
    except ValueError:
        return None


def _hide_random(match: re.Match[str]) -> str:
    word = match[0]
    return HIDDEN if is_random(word) and not word.startswith("/") else word


def find_secrets(name: str, value: str) -> Iterator[str]:
    """Yield the secrets that `hide` hides in a value."""
    shown = hide(name, value)
    if shown == value:
        return
    if shown != HIDDEN and (document := _parse(value)) is not None:
        for inner_name, text in _texts(document, name):
            yield from find_secrets(inner_name, text)
        return
    parts = re.fullmatch("(.+?)".join(map(re.escape, shown.split(HIDDEN))), value, re.DOTALL)
    yield from (part.strip("\"'") for part in parts.groups()) if parts else [value]


def _texts(value: Any, name: str) -> Iterator[tuple[str, str]]:
    """Yield each text in JSON's values with the name that it is judged by."""
    match value:
        case str():
            yield name, value
        case Mapping() if pair := find_pair(value):
            yield from _texts(value[pair], name_of_pair(value))
        case Mapping():
            yield from (found for k, v in value.items() for found in _texts(v, str(k)))
        case list():
            for item_name, item in zip(names_of_items(name, value), value, strict=True):
                yield from _texts(item, item_name)
