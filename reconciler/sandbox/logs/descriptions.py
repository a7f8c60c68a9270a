"""Log groups as they are told: their class, and by prefix, by a part of the name, by class, in pages."""

import json
from typing import Any

from moto.logs.exceptions import InvalidParameterException
from moto.logs.models import LogGroup
from moto.logs.responses import LogsResponse

from reconciler.sandbox.world import add, wrap

PAGE_SIZE = 50
DELIVERY_RETENTION = 2  # days, which nobody sets (recorded)


def install() -> None:
    wrap(LogsResponse, "create_log_group", _create)
    wrap(LogGroup, "to_describe_dict", _describe)
    add(LogsResponse, "describe_log_groups", _describe_groups)
    add(LogsResponse, "list_log_groups", _list_groups)


def _create(original: Any, response: Any) -> Any:
    answer = original(response)
    group = response.logs_backend.groups[response._get_param("logGroupName")]
    group.log_group_class = response._get_param("logGroupClass") or "STANDARD"
    if group.log_group_class == "DELIVERY":
        group.retention_in_days = DELIVERY_RETENTION
    return answer


def _class_of(group: Any) -> str:
    return str(getattr(group, "log_group_class", "STANDARD"))


def _describe(original: Any, group: Any) -> dict[str, Any]:
    """Tell a group with what AWS tells of each (recorded)."""
    told = {"logGroupClass": _class_of(group), "bearerTokenAuthenticationEnabled": False}
    return {**original(group), **told}


def _describe_groups(response: Any) -> str:
    prefix, part = response._get_param("logGroupNamePrefix"), response._get_param("logGroupNamePattern")
    if prefix and part:
        raise InvalidParameterException("logGroupNamePrefix and logGroupNamePattern are mutually exclusive.")
    named = {name.rpartition(":log-group:")[2] for name in response._get_param("logGroupIdentifiers") or ()}
    found = [
        group.to_describe_dict()
        for name, group in sorted(response.logs_backend.groups.items())
        if name.startswith(prefix or "") and (part or "") in name and (not named or name in named)
        if response._get_param("logGroupClass") in (None, _class_of(group))
    ]
    return _page(response, found, int(response._get_param("limit") or PAGE_SIZE))


def _list_groups(response: Any) -> str:
    part = (response._get_param("logGroupNamePattern") or "").lstrip("^")
    fields = ("logGroupName", "logGroupArn", "logGroupClass")
    found = [
        {field: group.to_describe_dict()[field] for field in fields}
        for name, group in sorted(response.logs_backend.groups.items())
        if part in name and response._get_param("logGroupClass") in (None, _class_of(group))
    ]
    return _page(response, found, int(response._get_param("limit") or PAGE_SIZE))


def _page(response: Any, found: list[dict[str, Any]], size: int) -> str:
    token = response._get_param("nextToken") or "0"
    if not token.isdecimal() or int(token) > len(found):
        raise InvalidParameterException("The specified nextToken is invalid.")
    end = int(token) + size
    more = {"nextToken": str(end)} if end < len(found) else {}
    return json.dumps({"logGroups": found[int(token) : end], **more})
