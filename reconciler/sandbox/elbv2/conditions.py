"""Conditions of rules as ELBv2 shows them: with both forms where there are two, and in an order of its own."""

from hashlib import sha256
from typing import Any

# The configuration of a condition, by its field.
CONFIGS = {
    "path-pattern": "PathPatternConfig",
    "host-header": "HostHeaderConfig",
    "http-header": "HttpHeaderConfig",
    "http-request-method": "HttpRequestMethodConfig",
    "query-string": "QueryStringConfig",
    "source-ip": "SourceIpConfig",
}
BOTH_FORMS = ("path-pattern", "host-header")


def values_of(condition: dict[str, Any]) -> list[Any]:
    """Return the values of a condition, in whichever form they were sent."""
    config = condition.get(CONFIGS[condition["Field"]], {})
    return list(config.get("Values") or condition.get("Values", []))


def expressions_of(condition: dict[str, Any]) -> list[str]:
    """Return the regular expressions of a condition."""
    config = condition.get(CONFIGS[condition["Field"]], {})
    return [*condition.get("RegexValues", []), *config.get("RegexValues", [])]


def complete_conditions(conditions: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Give path and host conditions both Values and their Config, and all others empty Values (recorded).

    Neither the conditions nor their values keep their order (recorded).
    """
    return _mix([_complete_condition(condition) for condition in conditions])


def _complete_condition(condition: dict[str, Any]) -> dict[str, Any]:
    field, name = condition["Field"], CONFIGS[condition["Field"]]
    config = condition.get(name, {})
    values = _mix(config.get("Values") or condition.get("Values", []))
    shown = {**config, **({"Values": values} if values or "RegexValues" not in config else {})}
    return {**condition, "Values": values if field in BOTH_FORMS else [], name: shown}


def _mix(items: list[Any]) -> list[Any]:
    """Return the items in an order that is not the one in which they were sent."""
    mixed = sorted(items, key=lambda item: sha256(str(item).encode()).hexdigest())
    return mixed if mixed != items else mixed[::-1]
