"""Time in the embedded AWS: as the machine's, faster, or stepped by hand. All of its progress is a function of it."""

import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from threading import Lock


@dataclass
class Clock:
    """Seconds since the embedded AWS began. `speed` 60 makes a minute pass in a second, 0 only by `advance`."""

    speed: float = 1.0
    epoch: float = field(default_factory=time.time)  # what the calendar said then
    _begun: float = field(default_factory=time.monotonic)
    _added: float = 0.0
    _lock: Lock = field(default_factory=Lock)

    def now(self) -> float:
        """Virtual seconds since the beginning."""
        with self._lock:
            return self._added + (time.monotonic() - self._begun) * self.speed

    def advance(self, seconds: float) -> None:
        """Let this much virtual time pass at once."""
        with self._lock:
            self._added += seconds

    def date(self, seconds: float) -> datetime:
        """What the calendar says in this virtual second."""
        return datetime.fromtimestamp(self.epoch + seconds, UTC)
