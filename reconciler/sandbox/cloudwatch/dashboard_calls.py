"""Names of dashboards, and their lists in pages (CloudWatch API reference)."""

import re
from typing import Any

from moto.cloudwatch.exceptions import DashboardInvalidInputError, InvalidParameterValue
from moto.cloudwatch.responses import CloudWatchResponse

from reconciler.sandbox.world import wrap

MAX_DELETED = 100
PAGE_SIZE = 1_000
_NAME = re.compile(r"[A-Za-z0-9_-]{1,255}")


def install() -> None:
    wrap(CloudWatchResponse, "put_dashboard", _put)
    wrap(CloudWatchResponse, "get_dashboard", _get)
    wrap(CloudWatchResponse, "delete_dashboards", _delete)
    wrap(CloudWatchResponse, "list_dashboards", _list)


def _describe_name(name: str) -> str:
    return (
        f"The value {name} for field DashboardName contains invalid characters or is too long. "
        "It can only contain alphanumerics, dash (-) and underscore (_)."
    )


def _put(original: Any, response: Any) -> Any:
    name = response._get_param("DashboardName")
    if not _NAME.fullmatch(name):
        raise DashboardInvalidInputError(_describe_name(name))
    return original(response)


def _get(original: Any, response: Any) -> Any:
    name = response._get_param("DashboardName")
    if not _NAME.fullmatch(name):
        raise InvalidParameterValue(_describe_name(name))
    return original(response)


def _delete(original: Any, response: Any) -> Any:
    if len(response._get_param("DashboardNames") or ()) > MAX_DELETED:
        raise InvalidParameterValue(f"No more than {MAX_DELETED} dashboards can be deleted in one call.")
    return original(response)


def _list(original: Any, response: Any) -> Any:
    token = response._get_param("NextToken") or "0"
    answer = original(response)
    entries = list(answer.result["DashboardEntries"])
    if not token.isdecimal() or int(token) > len(entries):
        raise InvalidParameterValue("The value of NextToken is not valid.")
    end = int(token) + PAGE_SIZE
    answer.result["DashboardEntries"] = entries[int(token) : end]
    if end < len(entries):
        answer.result["NextToken"] = str(end)
    return answer
