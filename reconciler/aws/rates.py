"""How fast AWS lets itself be asked and changed, and keeping under it: throttling slows all who share the account.

Rates are of one account and region. Those of ECS are documented (Amazon ECS API reference, "Request throttling"), and
of the describes of ELBv2 and the Tagging API too; the others are not published, and are set where a platform of some
hundred services was never seen throttled.
"""

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from threading import Event, Lock

SHARE = 0.9  # of what AWS allows: calls arrive at uneven times, and others use the account too


@dataclass(frozen=True)
class Rate:
    """A token bucket that these calls share."""

    calls: frozenset[str]  # "service.operation"; or "service", for all of its others
    burst: int
    per_second: float


def _rate(calls: str, burst: int, per_second: float) -> Rate:
    return Rate(frozenset(calls.split()), burst, per_second)


WRITES = (
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
READS = (
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
    """The tokens that are left. Time is given, in seconds, so that it may be anybody's; it never goes back."""

    rates: Iterable[Rate] = WRITES
    _of: dict[str, Rate] = field(default_factory=dict)
    _left: dict[Rate, tuple[float, float]] = field(default_factory=dict)  # tokens, and when there were so many

    def __post_init__(self) -> None:
        self._of = {call: rate for rate in self.rates for call in rate.calls}

    def turn(self, service: str, operation: str, now: float) -> float:
        """Seconds until the call's turn, which is taken with this: nobody has to ask again."""
        rate = self._of.get(f"{service}.{operation}") or self._of.get(service)
        if rate is None:
            return 0
        burst, per_second = int(rate.burst * SHARE), rate.per_second * SHARE
        tokens, since = self._left.get(rate, (float(burst), now))
        tokens = min(burst, tokens + (now - since) * per_second) - 1
        self._left[rate] = tokens, now
        return max(0.0, -tokens / per_second)


@dataclass
class Turns:
    """Reads, one after the other where there are too many. Threads share it, and wait for their turns themselves."""

    now: Callable[[], float] = time.monotonic
    rest: Callable[[float], object] | None = None  # None: really, until somebody says to stop
    _buckets: Buckets = field(default_factory=lambda: Buckets(READS))
    _lock: Lock = field(default_factory=Lock)

    def turn(self, service: str, operation: str) -> float:
        """Seconds until this read may be made; see `Buckets.turn`."""
        with self._lock:
            return self._buckets.turn(service, operation, self.now())

    def wait(self, service: str, operation: str, stop: Event | None = None) -> None:
        """Until this read may be made, or until the stop."""
        if seconds := self.turn(service, operation):
            (self.rest or (stop.wait if stop else time.sleep))(seconds)
