"""Parameters of a task definition that AWS has and that no field of a spec holds."""

import json
from collections.abc import Mapping
from typing import Any

UNORDERED = frozenset({"requiresCompatibilities", "volumesFrom", "links"})  # told in another order (recorded)


def encode_unmanaged(parameters: Mapping[str, Any]) -> dict[str, str]:
    """Return the parameters, by name, as JSON.

    Null, false, empty values and the default of versionConsistency are left out, as they change nothing.
    """
    given = _drop_defaults({k: v for k, v in parameters.items() if (k, v) != ("versionConsistency", "enabled")})
    return {k: _dump(sorted(v, key=_dump) if k in UNORDERED else v) for k, v in given.items()}


def _dump(value: Any) -> str:
    return json.dumps(value, sort_keys=True, default=str)


def _drop_defaults(value: Any) -> Any:
    match value:
        case Mapping():
            given = {k: _drop_defaults(v) for k, v in value.items()}
            return {k: v for k, v in given.items() if not _is_default(v)}
        case list():
            return [item for item in map(_drop_defaults, value) if not _is_default(item)]
    return value


def _is_default(value: Any) -> bool:
    return value is None or value is False or value in ({}, [], "")
