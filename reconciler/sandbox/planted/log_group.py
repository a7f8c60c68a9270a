"""A log group."""

from collections.abc import Mapping
from typing import Any

from moto.logs import logs_backends


def plant_log_group(part: Mapping[str, Any], account: str, region: str) -> None:
    logs = logs_backends[account][region]
    if part["name"] not in logs.groups:
        logs.create_log_group(part["name"], tags={})
