"""Validation of a dashboard's body (CloudWatch user guide, dashboard body structure and syntax)."""

import json
from collections.abc import Iterator
from typing import Any

Message = dict[str, str]  # DataPath, Message

MAX_WIDGETS = 500  # of a dashboard (CloudWatch user guide, "CloudWatch service quotas")
COLUMNS, ROWS = 24, 1000  # of the grid
_TYPES = ("alarm", "custom", "explorer", "log", "metric", "text")
_REQUIRED = {"text": ("markdown",), "log": ("query", "region"), "alarm": ("alarms",), "custom": ("endpoint",)}


def validate_body(body: str) -> tuple[list[Message], list[Message]]:
    """Return the errors, for which the dashboard is refused, and the warnings, with which it is accepted."""
    try:
        parsed = json.loads(body)
    except ValueError:
        return [_at("/", "The field Body must be a valid JSON object")], []
    if not isinstance(parsed, dict) or not isinstance(parsed.get("widgets"), list):
        return [_at("/", "Should have a widgets array")], []
    errors = [error for i, widget in enumerate(parsed["widgets"]) for error in _errors(f"/widgets/{i}", widget)]
    if len(parsed["widgets"]) > MAX_WIDGETS:
        errors.append(_at("/widgets", f"Should NOT have more than {MAX_WIDGETS} items"))
    extra = sorted(set(parsed) - {"widgets", "start", "end", "periodOverride", "variables"})
    return errors, [_at(f"/{key}", "Should NOT have additional properties") for key in extra]


def _at(path: str, message: str) -> Message:
    return {"DataPath": path, "Message": message}


def _errors(path: str, widget: Any) -> Iterator[Message]:
    if not isinstance(widget, dict):
        yield _at(path, "Should be object")
        return
    if widget.get("type") not in _TYPES:
        yield _at(f"{path}/type", f"Should be equal to one of the allowed values: {', '.join(_TYPES)}")
        return
    yield from _position_errors(path, widget)
    properties = widget.get("properties")
    if not isinstance(properties, dict):
        yield _at(path, "Should have required property 'properties'")
        return
    for needed in _REQUIRED.get(widget["type"], ()):
        if needed not in properties:
            yield _at(f"{path}/properties", f"Should have required property '{needed}'")
    if widget["type"] == "metric":
        yield from _metric_errors(f"{path}/properties", properties)


def _position_errors(path: str, widget: dict[str, Any]) -> Iterator[Message]:
    bounds = {"x": (0, COLUMNS - 1), "y": (0, None), "width": (1, COLUMNS), "height": (1, ROWS)}
    for key, (low, high) in bounds.items():
        value = widget.get(key)
        if value is None:
            continue
        if not isinstance(value, int) or value < low or (high is not None and value > high):
            yield _at(
                f"{path}/{key}", f"Should be an integer from {low} to {high if high is not None else 'any'}"
            )


def _metric_errors(path: str, properties: dict[str, Any]) -> Iterator[Message]:
    metrics = properties.get("metrics")
    if metrics is None and "annotations" not in properties:
        yield _at(path, "Should have required property 'metrics' or 'annotations'")
    if metrics is not None and not (isinstance(metrics, list) and all(isinstance(m, list) for m in metrics)):
        yield _at(f"{path}/metrics", "Should be an array of arrays")
    if not isinstance(properties.get("region"), str) and metrics is not None:
        yield _at(path, "Should have required property 'region'")
    period = properties.get("period", 60)
    if not isinstance(period, int) or not (period in (1, 5, 10, 30) or (period > 0 and period % 60 == 0)):
        yield _at(f"{path}/period", "Should be 1, 5, 10, 30 or a multiple of 60")
