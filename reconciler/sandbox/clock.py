"""The time of the embedded AWS: real, accelerated, or advanced by hand. All progress is a function of it."""

import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from math import floor
from threading import Lock


@dataclass
class Clock:
    """Virtual seconds since the embedded AWS began.

    At a speed of 60 a virtual minute passes in each real second; at 0 time passes only by `advance`.
    """

    speed: float = 1.0
    epoch: float = field(default_factory=time.time)  # the Unix time of the virtual second 0
    _begun: float = field(default_factory=time.monotonic)
    _added: float = 0.0
    _lock: Lock = field(default_factory=Lock)

    def now(self) -> float:
        """Return the virtual seconds since the beginning."""
        with self._lock:
            return self._added + (time.monotonic() - self._begun) * self.speed

    def advance(self, seconds: float) -> None:
        """Let this many virtual seconds pass at once."""
        with self._lock:
            self._added += seconds

    def date(self, seconds: float) -> datetime:
        """Return the date and time, in UTC, of this virtual second."""
        return datetime.fromtimestamp(self.epoch + seconds, UTC)

    def date_after(self, moment: float, unit: float = 1.0) -> datetime:
        """Return the present date and time in whole units of so many seconds, later than this virtual moment.

        If both are within one unit, time passes until the next unit has begun.
        """
        now = self.now()
        units = max(floor((self.epoch + now) / unit), floor((self.epoch + moment) / unit) + 1)
        early = units * unit - self.epoch - now
        if early > 0:
            self.advance(early + unit / 1000)  # a little more: floating point might end just before the unit
        return datetime.fromtimestamp(units * unit, UTC)
