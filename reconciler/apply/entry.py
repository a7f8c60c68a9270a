"""A change in the ledger, and its state."""

import enum
from dataclasses import dataclass

from reconciler.model.plan import Change


class State(enum.Enum):
    """The states of a change, in order. It goes from QUEUED to RUNNING once for each try."""

    WAITING = enum.auto()  # for the changes that come before it
    READY = enum.auto()  # queued for its first try
    QUEUED = enum.auto()  # queued for a further try, or for the first one of a further step
    RUNNING = enum.auto()  # a worker makes a try
    DONE = enum.auto()
    HELD = enum.auto()
    FAILED = enum.auto()


ENDED_STATES = frozenset({State.DONE, State.HELD, State.FAILED})


@dataclass
class Entry:
    """A change in the ledger."""

    change: Change
    state: State = State.WAITING
    begun: bool = False  # a try was made, or is being made
    freed: bool = False  # its needed steps are done: its dependents may start
    end_awaited: bool = False  # others wait for the end of its rollout

    @property
    def ended(self) -> bool:
        """Tell whether the change is done, held or failed."""
        return self.state in ENDED_STATES
