"""Hide secrets: variables with secret-looking names, and keys and passwords in any text."""

import re
from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel

HIDDEN = "(hidden)"
_SECRET_NAME = re.compile(
    r"pass(word|wd|phrase)|secret|token|credential|private|(^|[_-])(key|pwd|auth)$", re.IGNORECASE
)
_SECRET_VALUE = re.compile(r"\b(AKIA|ASIA)[A-Z0-9]{16}\b|-----BEGIN|://[^/\s:@]+:[^/\s@]+@")


def redact_variable(name: str, value: Any) -> Any:
    """Return an environment variable's value, or `HIDDEN` if its name or value looks secret. ARNs are shown."""
    secret = isinstance(value, str) and not value.startswith("arn:") and _SECRET_NAME.search(name)
    return HIDDEN if secret else redact(value)


def redact(value: Any) -> Any:
    """Return a copy with secrets hidden. Everything under a key `environment` is treated as variables."""
    match value:
        case str():
            return HIDDEN if _SECRET_VALUE.search(value) else value
        case BaseModel():
            return value.model_copy(update={k: _redact_field(k, v) for k, v in value})
        case Mapping():
            return {k: _redact_field(k, v) for k, v in value.items()}
        case list() | tuple() | frozenset():
            return type(value)(redact(v) for v in value)
    return value


def _redact_field(key: Any, value: Any) -> Any:
    match key, value:
        case "environment", Mapping():
            return {k: redact_variable(k, v) for k, v in value.items()}
        case "environment", [*pairs]:  # the form of ECS's RegisterTaskDefinition
            return [{**pair, "value": redact_variable(pair["name"], pair["value"])} for pair in pairs]
    return redact(value)
