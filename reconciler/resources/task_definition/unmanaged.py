"""What AWS has of a task definition and no field of a spec holds."""

import json
from collections.abc import Mapping
from typing import Any


def unmanaged(parameters: Mapping[str, Any]) -> dict[str, str]:
    """Return those that say something, as JSON: null, false and what is empty mean what AWS does anyway."""
    given = _meaningful({k: v for k, v in parameters.items() if (k, v) != ("versionConsistency", "enabled")})
    return {k: json.dumps(v, sort_keys=True, default=str) for k, v in given.items()}


def _meaningful(value: Any) -> Any:
    match value:
        case Mapping():
            given = {k: _meaningful(v) for k, v in value.items()}
            return {k: v for k, v in given.items() if not _is_default(v)}
        case list():
            return [item for item in map(_meaningful, value) if not _is_default(item)]
    return value


def _is_default(value: Any) -> bool:
    return value is None or value is False or value in ({}, [], "")
