"""When a lease is free, taken over, or left to its holder: decided without clocks of other machines.

Its holder writes a new version at each heartbeat. A waiting run that has seen one version unchanged for the
whole lease time on its own clock takes the lease over: by then the holder has stopped writing by its clock.
"""

from dataclasses import dataclass, replace
from enum import Enum, auto

from reconciler.model.lease import Record

# In seconds.
LEASE_TIME = 60.0  # how long a heartbeat keeps the lease
HEARTBEAT_EVERY = 15.0
HEARTBEAT_RETRIED_AFTER = 2.0  # once one has failed
LOOK_EVERY = 5.0  # while another run holds it
SHORTEST_REST = 0.1  # between two looks; a shorter one could be lost in rounding


class Decision(Enum):
    """What a waiting run does next."""

    WAIT = auto()
    TAKE_OVER = auto()
    GIVE_UP = auto()


@dataclass(frozen=True)
class Watch:
    """What a waiting run has seen of a lease that another one holds. Times are of its own clock."""

    patience_ends: float  # until then it waits for a holder that lives, too
    version: str | None = None  # seen last
    since: float = 0  # when it was seen first
    holder_lives: bool = False  # the version has changed

    def saw(self, record: Record, now: float) -> "Watch":
        """Return the watch after another look. `now` is the time after the answer."""
        if record.version == self.version:
            return self
        lives = self.version is not None and not record.broken
        return replace(self, version=record.version, since=now, holder_lives=lives)

    def decide(self, now: float) -> Decision:
        """Return what to do now."""
        if now - self.since >= LEASE_TIME:
            return Decision.TAKE_OVER
        if self.holder_lives and now >= self.patience_ends:
            return Decision.GIVE_UP
        return Decision.WAIT

    def rest(self, now: float) -> float:
        """Return the seconds until the next look."""
        return max(SHORTEST_REST, min(LOOK_EVERY, self.since + LEASE_TIME - now))
