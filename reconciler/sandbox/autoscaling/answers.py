"""Answers and errors of Application Auto Scaling."""

import json
from typing import Any

from moto.core.exceptions import JsonRESTError

PAGE_SIZE = 50  # items, and the most ids in one call


def refuse(code: str, message: str) -> JsonRESTError:
    """Return the error with this code and message."""
    return JsonRESTError(code, message)


def page(response: Any, member: str, items: list[dict[str, Any]]) -> str:
    """Answer with one page of a list, of 50 items unless the call says MaxResults."""
    start = int(response._get_param("NextToken") or 0)
    end = start + (response._get_int_param("MaxResults") or PAGE_SIZE)
    more = {"NextToken": str(end)} if end < len(items) else {}
    return json.dumps({member: items[start:end], **more})
