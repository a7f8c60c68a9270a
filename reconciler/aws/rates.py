"""Keep calls below AWS's rates: throttling slows down everyone who shares the account.

Rates apply to one account and region. AWS documents those of ECS (Amazon ECS API reference, "Request
throttling"), of ELBv2's describes (Elastic Load Balancing user guide, "Request throttling"), of EC2 (its
developer guide, "Request throttling": a bucket for each operation), of the Tagging API (Tag Editor user guide,
"Service Quotas"), and of CloudWatch and CloudWatch Logs (their user guides, "quotas"). The last two are of each
operation, without a burst: where the quotas of Logs give one, it is what one or two seconds allow. Those of
IAM, ECR, Cloud Map and Application Auto Scaling are not published; they are set so that a platform of some
hundred services was never seen throttled.
"""

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from threading import BoundedSemaphore, Event, Lock

IN_FLIGHT = 32  # reads at most: two cores cannot make more of them useful
SHARE_OF_RATE = 0.9  # calls arrive at uneven times, and others use the account too
ROUNDING = 1e-6  # of a token: a clock that was advanced to the second of a token may be that much short


@dataclass(frozen=True)
class Rate:
    """The size of a token bucket that these calls share."""

    calls: frozenset[str]  # `service.operation`, or `service` for all other operations of it
    burst: int  # calls at once
    per_second: float
    each: bool = False  # True: each of the operations has a bucket of this size for itself


Bucket = tuple[Rate, str]  # a rate, and the operation if it has a bucket for each


def _rate(calls: str, burst: int, per_second: float, *, each: bool = False) -> Rate:
    return Rate(frozenset(calls.split()), burst, per_second, each)


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
    _rate("logs.create_log_group logs.delete_log_group", 10, 10, each=True),
    _rate("logs", 10, 5, each=True),
    _rate("ecr", 40, 10),
    _rate("application-autoscaling", 20, 5),
    _rate("cloudwatch", 10, 10, each=True),
)
READ_RATES = (
    _rate("ecs.describe_clusters ecs.list_clusters", 50, 20),
    _rate("ecs.describe_services ecs.list_services", 100, 20),
    _rate("ecs.describe_tasks ecs.list_tasks", 100, 20),
    _rate(
        "ecs.list_service_deployments ecs.describe_service_deployments ecs.describe_service_revisions", 50, 20
    ),
    _rate("ecs.list_tags_for_resource", 20, 10),
    _rate("ecs", 50, 20),  # of task definitions
    _rate("ec2", 100, 20, each=True),
    _rate("elbv2", 40, 10),
    _rate("servicediscovery", 50, 20),
    _rate("iam", 100, 20),
    _rate("logs.describe_log_groups", 10, 10),
    _rate("logs", 10, 5, each=True),
    _rate("ecr", 100, 20),
    _rate("application-autoscaling", 40, 10),
    _rate("cloudwatch", 10, 10, each=True),
    _rate("resourcegroupstaggingapi", 15, 15),
)


@dataclass
class Buckets:
    """The token buckets of some rates. Times are in seconds; they may be simulated, but must not decrease."""

    rates: Iterable[Rate] = WRITE_RATES
    _rate_of: dict[str, Rate] = field(default_factory=dict)
    _left: dict[Bucket, tuple[float, float]] = field(default_factory=dict)  # tokens, and the second of them

    def __post_init__(self) -> None:
        self._rate_of = {call: rate for rate in self.rates for call in rate.calls}

    def bucket_of(self, service: str, operation: str) -> Bucket | None:
        """Return the bucket that the call takes its tokens from; None if nothing limits it."""
        rate = self._rate_of.get(f"{service}.{operation}") or self._rate_of.get(service)
        return (rate, operation if rate.each else "") if rate else None

    def until_token(self, bucket: Bucket, now: float, ahead: int = 0) -> float:
        """Return the seconds until the bucket has a token that those `ahead` leave; 0 if it has one."""
        missing = ahead + 1 - self._tokens(bucket, now)
        return missing / (bucket[0].per_second * SHARE_OF_RATE) if missing > ROUNDING else 0.0

    def take_token(self, bucket: Bucket, now: float) -> None:
        """Take a token. If the bucket has none, those that come later wait for it too."""
        self._left[bucket] = self._tokens(bucket, now) - 1, now

    def take_turn(self, service: str, operation: str, now: float) -> float:
        """Reserve a turn for the call and return the seconds until it comes. The caller need not ask again."""
        if (bucket := self.bucket_of(service, operation)) is None:
            return 0
        seconds = self.until_token(bucket, now)
        self.take_token(bucket, now)
        return seconds

    def has_turn(self, service: str, operation: str, now: float) -> bool:
        """Tell whether the call's turn would come at once."""
        bucket = self.bucket_of(service, operation)
        return bucket is None or not self.until_token(bucket, now)

    def _tokens(self, bucket: Bucket, now: float) -> float:
        rate, _ = bucket
        burst = int(rate.burst * SHARE_OF_RATE)
        tokens, since = self._left.get(bucket, (float(burst), now))
        return min(burst, tokens + (now - since) * rate.per_second * SHARE_OF_RATE)


@dataclass
class Turns:
    """The turns of reads, and the places of those in flight: one that waits for its turn takes none.

    Threads share it. Those that read from one bucket queue before it, so each bucket drains at its own rate.
    """

    now: Callable[[], float] = time.monotonic
    rest: Callable[[float], object] | None = None  # None: sleep, at most until an end
    places: BoundedSemaphore = field(default_factory=lambda: BoundedSemaphore(IN_FLIGHT))
    _buckets: Buckets = field(default_factory=lambda: Buckets(READ_RATES))
    _queues: dict[Bucket | None, Lock] = field(default_factory=dict)
    _lock: Lock = field(default_factory=Lock)

    def take_turn(self, service: str, operation: str) -> float:
        """Reserve a turn for the read and return the seconds until it comes."""
        with self._lock:
            return self._buckets.take_turn(service, operation, self.now())

    def take_free_turn(self, service: str, operation: str) -> bool:
        """Take a turn for a read that can be left out, if there is one now, and tell whether there was."""
        with self._lock:
            now = self.now()
            return (
                self._buckets.has_turn(service, operation, now)
                and self._buckets.take_turn(service, operation, now) == 0
            )

    def wait(self, service: str, operation: str, *ends: Event) -> None:
        """Wait until this read may be made, or until one of `ends` is set: the first ends a sleep at once.

        Only the first in the queue sleeps, until there is a token for it. So all are soon gone after an end,
        and have taken no tokens.
        """
        with self._queue(service, operation):
            if any(end.is_set() for end in ends):
                return
            if seconds := self.take_turn(service, operation):
                (self.rest or (ends[0].wait if ends else time.sleep))(seconds)

    def _queue(self, service: str, operation: str) -> Lock:
        with self._lock:
            return self._queues.setdefault(self._buckets.bucket_of(service, operation), Lock())
