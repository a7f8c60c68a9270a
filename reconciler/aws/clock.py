"""Clocks: those of this machine, and simulated ones that tests give."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from threading import Event

# Linux stops CLOCK_MONOTONIC while suspended; macOS does not, and has no CLOCK_BOOTTIME (clock_gettime(3)).
SLEEP_COUNTED: int = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)


@dataclass(frozen=True)
class Clock:
    """A clock, in seconds. A simulated one does not advance while a call is in flight."""

    now: Callable[[], float]
    rest: Callable[[float], object]  # sleeps for this many seconds


def awake_and_asleep(end: Event) -> Clock:
    """Return a clock that also counts the time in which this machine sleeps. `end` ends its rests.

    Other machines go on meanwhile, and take a lease over.
    """
    return Clock(partial(time.clock_gettime, SLEEP_COUNTED), end.wait)
