"""Reading AWS's pages."""

from collections.abc import Callable, Mapping
from typing import Any

Client = Callable[[str], Any]  # takes the name of an AWS service
Raw = Mapping[str, Any]
Resource = tuple[str, Raw]  # kind, and what AWS returns for it


def read_pages(api: Any, operation: str, path: str, **params: Any) -> Any:
    return (
        api.get_paginator(operation).paginate(**params).build_full_result().get(path, [])
    )  # SQS leaves out an empty list
