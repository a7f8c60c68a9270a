"""The judge: what of a value may be shown, given its name."""

import json
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from desired_state.secrecy.names import is_secret_name
from desired_state.secrecy.plain import is_plain
from desired_state.secrecy.randomness import is_random
from desired_state.secrecy.texts import HIDDEN, hide_in_text

MIN_CUT = 6  # characters of a secret whose rest a message may have cut off
MIN_KNOWN = 4  # characters of a secret that is looked for in other texts: shorter ones are in every sentence
_URL = re.compile(r"[a-z][a-z0-9+.-]*:(?://|\w+:).+", re.IGNORECASE | re.DOTALL)
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
        yield option if option and not str(item).startswith("-") else name
        is_option = isinstance(item, str) and item.startswith("-") and "=" not in item
        option = item if is_option and is_secret_name(item) else ""


def _parse(value: str) -> Any:
    if value[:1] not in ("{", "["):
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


def hide_known(text: str, secrets: Collection[str]) -> str:
    """Return what others say, such as AWS's error, without these secrets and those that its form shows."""
    for secret in sorted(secrets, key=len, reverse=True):
        for form in {secret, json.dumps(secret)[1:-1], repr(secret)[1:-1]}:
            if len(form) >= MIN_KNOWN:
                text = re.sub(rf"(?<!\w){re.escape(form)}(?!\w)", HIDDEN, text)
    return hide_in_text(text)


def conceal(names: Sequence[object], value: str, message: str) -> str:
    """Return a message about a value without the value's secrets. `names` are the keys that lead to it."""
    shown = _hide_at(names, value)
    secrets = find_secrets(_last_name(names), value) if shown != HIDDEN else (value,)
    for secret in secrets if shown != value else ():
        message = _hide_all(message, secret)
    return hide_in_text(message)


def _hide_at(names: Sequence[object], value: str) -> str:
    """Return what may be shown of a value in a file: directly under `secrets`, only references are."""
    if "secrets" not in names[:-1]:
        return hide(_last_name(names), value)
    is_reference = names[-2] != "secrets" or "/" in value or value.startswith("arn:")
    return value if is_reference or not value else HIDDEN


def _last_name(names: Sequence[object]) -> str:
    return next((name for name in reversed(names) if isinstance(name, str)), "")


def _hide_all(message: str, secret: str) -> str:
    """Hide a secret however a message quotes it: as it is, escaped, or cut."""
    for form in {secret, repr(secret)[1:-1], json.dumps(secret)[1:-1]}:
        edge = "" if len(form) >= MIN_KNOWN else r"\b"
        message = re.sub(f"{edge}{re.escape(form)}{edge}", HIDDEN, message)
    begin = repr(secret[:MIN_CUT])[1:-1]
    return re.sub(rf"{re.escape(begin)}[^\s'\"]*", HIDDEN, message) if len(secret) > MIN_CUT else message
