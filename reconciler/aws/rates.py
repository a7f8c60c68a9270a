"""Keep calls below AWS's rates: throttling slows down everyone who shares the account.

Rates apply to one account and region. The rates of ECS are documented (Amazon ECS API reference, "Request
throttling"), as are those of ELBv2's describes and of the Tagging API. The others are not published; they are
set so that a platform of some hundred services was never seen throttled.
"""

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from threading import Event, Lock

SHARE_OF_RATE = 0.9  # calls arrive at uneven times, and others use the account too
ROUNDING = 1e-6  # of a token: a clock that was advanced to the second of a token may be that much short


@dataclass(frozen=True)
class Rate:
    """The size of a token bucket that these calls share."""

    calls: frozenset[str]  # `service.operation`, or `service` for all other operations of it
    burst: int  # calls at once
    per_second: float


def _rate(calls: str, burst: int, per_second: float) -> Rate:
    return Rate(frozenset(calls.split()), burst, per_second)


WRITE_RATES = (
    _rate("ecs.register_task_definition ecs.deregister_task_definition", 20, 1),
    _rate("ecs.delete_task_definitions", 5, 1),
    _rate("ecs.create_service ecs.update_service ecs.delete_service", 50, 5),
    _rate(
        "ecs.create_cluster ecs.delete_cluster ecs.update_cluster ecs.update_cluster_settings "
        "ecs.put_cluster_capacity_providers",
        20,
        1,
    ),
    _rate("ecs.tag_resource ecs.untag_resource", 20, 10),
    _rate("ec2", 50, 5),
    _rate("elbv2", 30, 5),
    _rate("servicediscovery", 10, 5),  # Route 53 behind it takes five changes a second
    _rate("iam", 40, 10),
    _rate("logs", 40, 10),
    _rate("ecr", 40, 10),
    _rate("application-autoscaling", 20, 5),
    _rate("cloudwatch", 30, 10),
)
READ_RATES = (
    _rate("ecs.describe_clusters ecs.list_clusters", 50, 20),
    _rate("ecs.describe_services ecs.list_services", 100, 20),
    _rate("ecs.describe_tasks ecs.list_tasks", 100, 20),
    _rate("ecs.list_tags_for_resource", 20, 10),
    _rate("ecs", 50, 20),  # of task definitions, of deployments: a bucket each
    _rate("ec2", 100, 20),
    _rate("elbv2", 40, 10),
    _rate("servicediscovery", 50, 20),
    _rate("iam", 100, 20),
    _rate("logs", 40, 10),
    _rate("ecr", 100, 20),
    _rate("application-autoscaling", 40, 10),
    _rate("cloudwatch", 50, 20),
    _rate("resourcegroupstaggingapi", 15, 15),
)


@dataclass
class Buckets:
    """The token buckets of some rates. Times are in seconds; they may be simulated, but must not decrease."""

    rates: Iterable[Rate] = WRITE_RATES
    _rate_of: dict[str, Rate] = field(default_factory=dict)
    _left: dict[Rate, tuple[float, float]] = field(default_factory=dict)  # tokens, and the second of them

    def __post_init__(self) -> None:
        self._rate_of = {call: rate for rate in self.rates for call in rate.calls}

    def rate_of(self, service: str, operation: str) -> Rate | None:
        """Return the rate of the bucket that the call takes its tokens from; None if nothing limits it."""
        return self._rate_of.get(f"{service}.{operation}") or self._rate_of.get(service)

    def until_token(self, rate: Rate, now: float, ahead: int = 0) -> float:
        """Return the seconds until the bucket has a token that those `ahead` leave; 0 if it has one."""
        missing = ahead + 1 - self._tokens(rate, now)
        return missing / (rate.per_second * SHARE_OF_RATE) if missing > ROUNDING else 0.0

    def take_token(self, rate: Rate, now: float) -> None:
        """Take a token. If the bucket has none, those that come later wait for it too."""
        self._left[rate] = self._tokens(rate, now) - 1, now

    def take_turn(self, service: str, operation: str, now: float) -> float:
        """Reserve a turn for the call and return the seconds until it comes. The caller need not ask again."""
        if (rate := self.rate_of(service, operation)) is None:
            return 0
        seconds = self.until_token(rate, now)
        self.take_token(rate, now)
        return seconds

    def _tokens(self, rate: Rate, now: float) -> float:
        burst = int(rate.burst * SHARE_OF_RATE)
        tokens, since = self._left.get(rate, (float(burst), now))
        return min(burst, tokens + (now - since) * rate.per_second * SHARE_OF_RATE)


@dataclass
class Turns:
    """The turns of reads. Threads share it; each waits for its own turns."""

    now: Callable[[], float] = time.monotonic
    rest: Callable[[float], object] | None = None  # None: sleep, at most until the stop
    _buckets: Buckets = field(default_factory=lambda: Buckets(READ_RATES))
    _lock: Lock = field(default_factory=Lock)

    def take_turn(self, service: str, operation: str) -> float:
        """Reserve a turn for the read and return the seconds until it comes."""
        with self._lock:
            return self._buckets.take_turn(service, operation, self.now())

    def wait(self, service: str, operation: str, stop: Event | None = None) -> None:
        """Wait until this read may be made, or until `stop` is set."""
        if seconds := self.take_turn(service, operation):
            (self.rest or (stop.wait if stop else time.sleep))(seconds)
