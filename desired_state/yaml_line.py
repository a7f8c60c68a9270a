"""Write a value as YAML on one line, as a message shows it for a person to copy."""

import json
from collections.abc import Mapping
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

_MAX_LENGTH = 100  # characters that a message has room for


def write(value: Any) -> str | None:
    """Return the value as YAML on one line; None if YAML would read it otherwise, or if it is long."""
    text = _write(value)
    return text if len(text) <= _MAX_LENGTH and _read(text) == [_to_lists(value)] else None


def _write(value: Any) -> str:
    match value:
        case Mapping():
            return "{" + ", ".join(f"{_write(key)}: {_write(child)}" for key, child in value.items()) + "}"
        case list() | tuple():
            return "[" + ", ".join(map(_write, value)) + "]"
        case str():
            return (
                value
                if len(value) <= _MAX_LENGTH and _is_plain(value)
                else json.dumps(value, ensure_ascii=False)
            )
    return json.dumps(value)


def _is_plain(text: str) -> bool:
    """Tell whether YAML reads the text as it is without quotes: in a list, and after a key on its own line."""
    in_list, after_key = _read(text), _read(text, "key: {}")
    return (in_list, after_key) == ([text], {"key": text}) and not text.startswith(":")  # {"": :a} is no YAML


def _read(text: str, within: str = "[{}]") -> Any:
    """Return what YAML reads in a list of this text, or in other YAML around it; None if it is not YAML."""
    try:
        return YAML(typ="safe", pure=True).load(within.replace("{}", text))
    except (YAMLError, ValueError):
        return None


def _to_lists(value: Any) -> Any:
    match value:
        case Mapping():
            return {key: _to_lists(child) for key, child in value.items()}
        case list() | tuple():
            return [_to_lists(child) for child in value]
    return value
