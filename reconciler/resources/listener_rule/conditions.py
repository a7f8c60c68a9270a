"""Convert the conditions of a rule, and what it rewrites in requests, to and from AWS's form."""

import json
from collections.abc import Iterable, Mapping
from typing import Any

from reconciler.resources.listener_rule.spec import ListenerRule

CONFIG_KEYS = {"path-pattern": "PathPatternConfig", "host-header": "HostHeaderConfig"}  # by a condition's Field
OTHER_CONDITION = ""  # the key of all conditions of another Field


def from_conditions(conditions: Iterable[Mapping[str, Any]]) -> dict[str, frozenset[str]]:
    """Return the fields of the spec that hold a rule's conditions.

    AWS answers with path and host patterns in Values, in a config of their own, or in both.
    """
    values: dict[str, set[str]] = {"path-pattern": set(), "host-header": set(), OTHER_CONDITION: set()}
    for condition in conditions:
        field = condition["Field"]
        config = condition.get(CONFIG_KEYS.get(field, ""), {})
        if field in CONFIG_KEYS and "RegexValues" not in config:
            values[field].update(config.get("Values") or condition.get("Values", ()))
        else:
            values[OTHER_CONDITION].add(_dump({k: v for k, v in condition.items() if v}))
    spec_fields = {"path-pattern": "paths", "host-header": "hosts", OTHER_CONDITION: "other_conditions"}
    return {spec_fields[field]: frozenset(found) for field, found in values.items()}


def _dump(value: Any) -> str:
    """Return the value as JSON, its lists in order: AWS tells the values of a condition in any (recorded)."""
    match value:
        case list():
            return f"[{', '.join(sorted(map(_dump, value)))}]"
        case Mapping():
            return f"{{{', '.join(f'{json.dumps(k)}: {_dump(v)}' for k, v in sorted(value.items()))}}}"
    return json.dumps(value)


def from_transforms(transforms: Iterable[Mapping[str, Any]]) -> frozenset[str]:
    """Return the field of the spec that holds a rule's transforms. AWS tells an empty list of none."""
    return frozenset(json.dumps(transform, sort_keys=True) for transform in transforms)


def to_conditions(want: ListenerRule) -> list[dict[str, Any]]:
    """Return the conditions in AWS's form."""
    values = {"path-pattern": want.paths, "host-header": want.hosts}
    return [{"Field": f, CONFIG_KEYS[f]: {"Values": sorted(v)}} for f, v in values.items() if v]
