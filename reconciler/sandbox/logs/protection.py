"""The deletion protection of a log group: until it is off, AWS refuses to delete the group."""

from typing import Any

from moto.core.exceptions import JsonRESTError
from moto.logs.models import LogGroup, LogsBackend
from moto.logs.responses import LogsResponse

from reconciler.sandbox.logs.keys import find_group
from reconciler.sandbox.world import add, wrap


def install() -> None:
    wrap(LogGroup, "__init__", _unprotected)
    wrap(LogGroup, "to_describe_dict", _describe)
    wrap(LogsResponse, "create_log_group", _create)
    wrap(LogsBackend, "delete_log_group", _delete)
    add(LogsResponse, "put_log_group_deletion_protection", _put)


def _unprotected(original: Any, group: Any, *args: Any, **kwargs: Any) -> None:
    original(group, *args, **kwargs)
    group.deletion_protection = False


def _describe(original: Any, group: Any) -> Any:
    return original(group) | {"deletionProtectionEnabled": group.deletion_protection}


def _create(original: Any, response: Any) -> str:
    answer: str = original(response)
    group = find_group(response, response._get_param("logGroupName"))
    group.deletion_protection = bool(response._get_param("deletionProtectionEnabled"))
    return answer


def _put(response: Any) -> str:
    """Turn it on or off. The group is named by its name or by its ARN (CloudWatch Logs API reference)."""
    name = response._get_param("logGroupIdentifier").rpartition(":log-group:")[2]
    find_group(response, name).deletion_protection = response._get_param("deletionProtectionEnabled")
    return ""


def _delete(original: Any, logs: Any, log_group_name: str) -> Any:
    group = logs.groups.get(log_group_name)
    if group and group.deletion_protection:
        message = (
            f"Log group {log_group_name} has deletion protection enabled: disable it, then delete the group."
        )
        raise JsonRESTError("ValidationException", message)
    return original(logs, log_group_name)
