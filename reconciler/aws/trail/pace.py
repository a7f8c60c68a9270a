"""The pace of questions: all who ask in an account and region share two a second, people in the console too."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Lock

PER_SECOND = 1.5  # of LookupEvents' two a second for an account and region (CloudTrail API reference)
FOR_A_ROUND = 20.0  # seconds that a round asks at most


@dataclass
class Pace:
    """One bucket for each account and region, of which a process has one set. Threads share it."""

    now: Callable[[], float] = time.monotonic
    rest: Callable[[float], object] | None = None  # None: sleep, or until a stop
    _next: dict[tuple[str, str], float] = field(default_factory=dict)  # when the next question may be asked
    _lock: Lock = field(default_factory=Lock)

    def take_turn(self, account: str, region: str, deadline: float) -> float | None:
        """Reserve a turn and return the seconds until it comes; None if it would come after the deadline."""
        with self._lock:
            now = self.now()
            at = max(now, self._next.get((account, region), now))
            if at > deadline:
                return None
            self._next[account, region] = at + 1 / PER_SECOND
            return at - now
