"""The turns of reads, so that they keep below AWS's rates however many threads read."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from threading import BoundedSemaphore, Event, Lock

from reconciler.aws.buckets import Bucket, Buckets
from reconciler.aws.rates import READ_RATES

IN_FLIGHT = 32  # reads at most: two cores cannot make more of them useful


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
