"""The events of an account and region: a bounded number of them, writes apart from reads, newest last."""

from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from moto.cloudtrail import cloudtrail_backends

MOST_WRITES = 10_000  # of an account and region; older ones are forgotten
MOST_READS = 1_000


@dataclass(frozen=True)
class Event:
    """A recorded call: what it is found by, and its record."""

    id: str
    at: float  # virtual seconds
    shown_at: float
    name: str
    source: str
    reads: bool
    key: str
    username: str
    dump: Callable[[], str]  # returns the record as JSON
    resources: Mapping[str, str] = field(default_factory=dict)  # their types, by name


@dataclass(frozen=True)
class History:
    """The events of one account and region."""

    writes: deque[Event] = field(default_factory=lambda: deque(maxlen=MOST_WRITES))
    reads: deque[Event] = field(default_factory=lambda: deque(maxlen=MOST_READS))

    def add(self, event: Event) -> None:
        """Add an event; the oldest of its kind is forgotten if there are too many."""
        (self.reads if event.reads else self.writes).append(event)

    def newest_first(self) -> list[Event]:
        """Return all events."""
        oldest_first = sorted([*self.reads, *self.writes], key=lambda event: event.at)
        return oldest_first[::-1]


def history_of(account: str, region: str) -> History:
    """Return the events of an account and region, which go with moto's own objects."""
    history: History = cloudtrail_backends[account][region].__dict__.setdefault("history", History())
    return history
