"""Clean-up, such as old revisions to deregister: no run waits for it, and some of it may be left."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from reconciler.model.plan import Change
from reconciler.model.steps import Amount, Step, sum_amounts

SECONDS_AT_END = 2.0  # at most, for the clean-up that AWS's rates allow at once as all else ends


@dataclass
class Awaited:
    """The changes under way that the end of a run waits for: all but clean-up."""

    now: Callable[[], float]
    keys: set[str] = field(default_factory=set)
    none_since: float = 0  # the second in which the last of them ended

    def add(self, change: Change) -> None:
        """Note that a change is under way."""
        if not change.is_clean_up:
            self.keys.add(change.key)

    def discard(self, key: str) -> None:
        """Note that a change has ended, or never begins."""
        if key in self.keys:
            self.keys.remove(key)
            self.none_since = self.now()

    def outlast(self, seconds: float) -> bool:
        """Tell whether the run goes on to what is due in so many seconds.

        When only clean-up is left, it goes on with the calls that need not wait: one old revision, as each
        deployment leaves, is so deregistered by a run that does not wait for its rollouts either.
        """
        return bool(self.keys) or (seconds == 0 and self.now() - self.none_since < SECONDS_AT_END)


def amount_left(change: Change, steps: Iterable[Step]) -> Amount:
    """Return the amount of clean-up that these steps are, which are left of a change."""
    return sum_amounts(steps) or Amount(0, f"steps of {change.label}")
