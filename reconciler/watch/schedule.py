"""When the rounds of each stack begin: never two of one stack at once, and not all stacks at one moment."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

JITTER = 0.1  # part of the interval by which a round may be early or late, so that stacks do not move in step
LONGEST_BACK_OFF = (
    3600.0  # seconds at most between two rounds of a stack that fails, if they are not rarer anyway
)


@dataclass(frozen=True)
class Pace:
    """How often rounds begin, in seconds."""

    every: float
    chance: Callable[[], float]  # a random number of at least 0 and below 1

    def rest(self, failures: int = 0) -> float:
        """Return the seconds until the next round: twice as many for each one that has failed in a row."""
        longest = max(self.every, LONGEST_BACK_OFF)
        seconds = min(self.every * 2 ** min(failures, 30), longest)
        return float(seconds * (1 + JITTER * (2 * self.chance() - 1)))

    def first(self, number: int, of: int) -> float:
        """Return the seconds until the first round of one of so many stacks, so that not all begin at once.

        The first begins at once, and none later than after a minute, so that a person soon sees all of them.
        """
        return min(self.every, 60.0) * number / of


@dataclass
class Schedule:
    """The next rounds, by stack. One thread uses it; all times are of one clock, in seconds."""

    due: dict[str, float] = field(default_factory=dict)
    running: set[str] = field(default_factory=set)
    woken: dict[str, str] = field(default_factory=dict)  # stack -> why, if it is not to wait for its time

    def add(self, stack: str, at: float) -> None:
        """Watch a stack, and begin its first round at this time."""
        self.due[stack] = at

    def wake(self, stack: str, why: str, at: float) -> None:
        """Begin a round at this time, or as soon as the one that runs has ended, as it may have read before."""
        if stack in self.due:
            self.woken.setdefault(stack, why)
            self.due[stack] = min(self.due[stack], at)

    def begin(self, now: float, places: int) -> Mapping[str, str]:
        """Return the stacks whose rounds begin now, at most so many, and why they were woken."""
        waiting = (stack for stack, at in self.due.items() if at <= now and stack not in self.running)
        chosen = sorted(waiting, key=self.due.__getitem__)[:places]
        self.running.update(chosen)
        return {stack: self.woken.pop(stack, "") for stack in chosen}

    def end(self, stack: str, at: float) -> None:
        """Say that a round has ended. The next begins at this time, or when it was woken meanwhile for."""
        self.running.discard(stack)
        if stack not in self.woken:
            self.due[stack] = at

    def next_due(self) -> float | None:
        """Return when the next round begins; None while all stacks have one under way."""
        return min((at for stack, at in self.due.items() if stack not in self.running), default=None)
