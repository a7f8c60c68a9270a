"""The one place where rounds write what they found, and the server reads it: a snapshot at each moment."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from threading import Lock

from reconciler.watch.status import StackStatus, WatchStatus

LONGEST_TURN = 60.0  # seconds; a loop that has not turned for longer hangs


@dataclass
class Board:
    """The newest status of each stack. Threads share it; what they read does not change afterwards."""

    status: WatchStatus
    now: Callable[[], float] = time.monotonic
    _lock: Lock = field(default_factory=Lock)

    def put(self, stack: StackStatus) -> None:
        """Show this in the place of what was known of the stack."""
        with self._lock:
            found = {s.stack: s for s in self.status.stacks} | {stack.stack: stack}
            self.status = replace(self.status, stacks=tuple(found[name] for name in sorted(found)))

    def remove(self, stack: str) -> None:
        """Forget a stack that is watched no more."""
        with self._lock:
            stacks = tuple(s for s in self.status.stacks if s.stack != stack)
            self.status = replace(self.status, stacks=stacks)

    def say_events(self, words: str) -> None:
        """Show how the watch hears of changes between its rounds."""
        with self._lock:
            self.status = replace(self.status, events=words)

    def turn(self) -> None:
        """Say that the loop turns. It is called more often than each `LONGEST_TURN` seconds, busy or not."""
        with self._lock:
            self.status = replace(self.status, turned=self.now())

    @property
    def turns(self) -> bool:
        """Tell whether the loop has turned within `LONGEST_TURN` seconds. It does not depend on AWS."""
        return self.now() - self.status.turned <= LONGEST_TURN


def make_board(version: str, started: str, now: Callable[[], float] = time.monotonic) -> Board:
    """Return a board without stacks."""
    return Board(WatchStatus(version, started, turned=now()), now)
