"""Throttling by token buckets of each account and region, which are refilled in virtual seconds."""

from dataclasses import dataclass
from threading import Lock
from typing import Any

from moto.core.responses import BaseResponse

from reconciler.sandbox.limits.table import THROTTLING_CODES, Limit, limit_of
from reconciler.sandbox.refusal import answer
from reconciler.sandbox.world import World, current, wrap

READ_PREFIXES = ("Describe", "Get", "List", "BatchGet", "BatchCheck", "Discover", "Simulate")


@dataclass
class Bucket:
    """A bucket that had `tokens` at the moment `at`."""

    tokens: float
    at: float


_lock = Lock()
_buckets: list[tuple[World, dict[tuple[str, ...], Bucket]]] = []  # of the present world only


def install() -> None:
    wrap(BaseResponse, "call_action", _throttle)


def _throttle(original: Any, response: Any) -> Any:
    service, action = response.boto3_service_name, response._get_action()
    if not current().profile.limits or not action:
        return original(response)
    limit = limit_of(service, action, reads=action.startswith(READ_PREFIXES))
    if limit is None:
        return original(response)
    key = (response.current_account, response.region, service, limit.bucket)
    if take_token(_present_buckets(), key, limit, current().clock.now()):
        return original(response)
    return answer(response, *THROTTLING_CODES[service])


def _present_buckets() -> dict[tuple[str, ...], Bucket]:
    """Return the buckets of the present World, which are full at first."""
    if not _buckets or _buckets[0][0] is not current():
        _buckets[:] = [(current(), {})]
    return _buckets[0][1]


def take_token(buckets: dict[tuple[str, ...], Bucket], key: tuple[str, ...], limit: Limit, now: float) -> bool:
    """Take a token and return whether there was one.

    A bucket holds `burst` tokens and gains `rate` a second.
    """
    with _lock:
        bucket = buckets.setdefault(key, Bucket(limit.burst, now))
        bucket.tokens = min(limit.burst, bucket.tokens + (now - bucket.at) * limit.rate)
        bucket.at = now
        if bucket.tokens < 1:
            return False
        bucket.tokens -= 1
        return True
