"""What must not be shown: values of variables whose names say so, and keys and passwords wherever they are."""

import re
from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel

HIDDEN = "(hidden)"
_NAME = re.compile(
    r"pass(word|wd|phrase)|secret|token|credential|private|(^|[_-])(key|pwd|auth)$", re.IGNORECASE
)
_VALUE = re.compile(r"\b(AKIA|ASIA)[A-Z0-9]{16}\b|-----BEGIN|://[^/\s:@]+:[^/\s@]+@")


def variable(name: str, value: Any) -> Any:
    """The value of an environment variable, unless it looks like a secret. The ARN of one is none."""
    secret = isinstance(value, str) and not value.startswith("arn:") and _NAME.search(name)
    return HIDDEN if secret else redacted(value)


def redacted(value: Any) -> Any:
    """The same without secrets; all that is called `environment` is taken for variables."""
    match value:
        case str():
            return HIDDEN if _VALUE.search(value) else value
        case BaseModel():
            return value.model_copy(update={k: _below(k, v) for k, v in value})
        case Mapping():
            return {k: _below(k, v) for k, v in value.items()}
        case list() | tuple() | frozenset():
            return type(value)(redacted(v) for v in value)
    return value


def _below(key: Any, value: Any) -> Any:
    match key, value:
        case "environment", Mapping():
            return {k: variable(k, v) for k, v in value.items()}
        case "environment", [*pairs]:  # as ECS takes them
            return [{**pair, "value": variable(pair["name"], pair["value"])} for pair in pairs]
    return redacted(value)
