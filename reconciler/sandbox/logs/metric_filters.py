"""Metric filters of log groups: one of a name, counted, and for the class STANDARD only."""

from typing import Any

from moto.logs.exceptions import ResourceNotFoundException
from moto.logs.models import LogGroup, LogsBackend
from moto.logs.responses import LogsResponse

from reconciler.sandbox.refusal import Refusal
from reconciler.sandbox.world import current, wrap

OF_STANDARD = (
    "put_metric_filter",
    "describe_metric_filters",
    "put_subscription_filter",
    "describe_subscription_filters",
)


def install() -> None:
    for action in OF_STANDARD:
        wrap(LogsResponse, action, _require_standard)
    wrap(LogsBackend, "put_metric_filter", _put)
    wrap(LogsBackend, "delete_metric_filter", _delete)
    wrap(LogsBackend, "delete_log_group", _delete_with_filters)
    wrap(LogGroup, "__init__", _without_filters)
    wrap(LogGroup, "to_describe_dict", _describe)


def _require_standard(original: Any, response: Any) -> Any:
    """Refuse absent groups, and those of another class (turbot/steampipe-plugin-aws#2758, with the words)."""
    name = response._get_param("logGroupName")
    if name is None:
        return original(response)
    group = _find(response.logs_backend, name)
    if getattr(group, "log_group_class", "STANDARD") != "STANDARD":
        raise Refusal("ValidationException", "This operation is only supported on the Standard log class.")
    return original(response)


def _find(logs: Any, name: str) -> Any:
    if name not in logs.groups:
        raise ResourceNotFoundException("The specified log group does not exist.")
    return logs.groups[name]


def _put(original: Any, logs: Any, filter_name: str, pattern: str, log_group_name: str, metrics: Any) -> None:
    """Make the filter, or put it in the place of the one of its name (PutMetricFilter)."""
    filters = _find(logs, log_group_name).metric_filters
    if filter_name in filters:
        logs.filters.delete_filter(filter_name, log_group_name)
    original(logs, filter_name, pattern, log_group_name, metrics)
    logs.filters.metric_filters[-1]["creationTime"] = int(
        current().clock.date_after(0, unit=0.001).timestamp() * 1000
    )
    filters.add(filter_name)


def _delete(original: Any, logs: Any, filter_name: str, log_group_name: str) -> None:
    filters = _find(logs, log_group_name).metric_filters
    if filter_name not in filters:
        raise ResourceNotFoundException("The specified metric filter does not exist.")
    original(logs, filter_name, log_group_name)
    filters.discard(filter_name)


def _delete_with_filters(original: Any, logs: Any, log_group_name: str) -> Any:
    group = logs.groups.get(log_group_name)
    answer = original(logs, log_group_name)
    for name in getattr(group, "metric_filters", ()):
        logs.filters.delete_filter(name, log_group_name)
    return answer


def _without_filters(original: Any, group: Any, *args: Any, **kwargs: Any) -> None:
    original(group, *args, **kwargs)
    group.metric_filters = set()


def _describe(original: Any, group: Any) -> dict[str, Any]:
    return {**original(group), "metricFilterCount": len(group.metric_filters)}
