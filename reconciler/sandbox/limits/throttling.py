"""How often AWS may be called: token buckets for each account and region, in virtual seconds."""

from dataclasses import dataclass
from threading import Lock
from typing import Any

from moto.core.responses import BaseResponse

from reconciler.sandbox.limits.table import CODES, Limit, limit_of
from reconciler.sandbox.refusal import answer
from reconciler.sandbox.world import World, current, wrap

READS = ("Describe", "Get", "List", "BatchGet", "BatchCheck", "Discover", "Simulate")


@dataclass
class Bucket:
    """`tokens` were there at the moment `at`."""

    tokens: float
    at: float


_lock = Lock()
_buckets: list[tuple[World, dict[tuple[str, ...], Bucket]]] = []  # of the present world only


def install() -> None:
    wrap(BaseResponse, "call_action", _limited)


def _limited(original: Any, response: Any) -> Any:
    service, action = response.boto3_service_name, response._get_action()
    if not current().profile.limits or not action:
        return original(response)
    limit = limit_of(service, action, reads=action.startswith(READS))
    if limit is None:
        return original(response)
    key = (response.current_account, response.region, service, limit.bucket)
    if take(_of_present_world(), key, limit, current().clock.now()):
        return original(response)
    return answer(response, *CODES[service])


def _of_present_world() -> dict[tuple[str, ...], Bucket]:
    if not _buckets or _buckets[0][0] is not current():
        _buckets[:] = [(current(), {})]
    return _buckets[0][1]


def take(buckets: dict[tuple[str, ...], Bucket], key: tuple[str, ...], limit: Limit, now: float) -> bool:
    """Take a token if there is one. A full bucket holds `burst`; `rate` of them come back each second."""
    with _lock:
        bucket = buckets.setdefault(key, Bucket(limit.burst, now))
        bucket.tokens = min(limit.burst, bucket.tokens + (now - bucket.at) * limit.rate)
        bucket.at = now
        if bucket.tokens < 1:
            return False
        bucket.tokens -= 1
        return True
