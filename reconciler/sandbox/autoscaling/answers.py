"""Answers and errors of Application Auto Scaling."""

import json
from typing import Any

from moto.core.exceptions import JsonRESTError

PAGE_SIZE = 50  # items, and the most ids in one call


def refuse(code: str, message: str) -> JsonRESTError:
    """Return the error with this code and message."""
    return JsonRESTError(code, message)


def page(response: Any, member: str, items: list[dict[str, Any]], most: int = PAGE_SIZE) -> str:
    """Answer with one page of a list, of as many items as `most` says unless the call says MaxResults."""
    token, size = response._get_param("NextToken") or "0", response._get_param("MaxResults")
    if size is not None and not 1 <= int(size) <= most:
        raise refuse("ValidationException", f"MaxResults must be from 1 to {most}.")
    if not token.isdecimal() or int(token) > len(items):
        raise refuse("InvalidNextTokenException", "The next token is not valid.")
    end = int(token) + int(size or most)
    more = {"NextToken": str(end)} if end < len(items) else {}
    return json.dumps({member: items[int(token) : end], **more})
