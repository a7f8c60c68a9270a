"""How many of many things, such as old revisions, the changes under way have left."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice

from reconciler.apply.events import ENDS, EventKind, ProgressEvent
from reconciler.model.plan import Change
from reconciler.model.steps import Amount, Step, sum_amounts


@dataclass
class Amounts:
    """Counts what is left, by change. A single thing is not counted."""

    total: dict[str, Amount] = field(default_factory=dict)  # by key of the change
    left: dict[str, int] = field(default_factory=dict)
    _steps: dict[str, Iterator[Step]] = field(default_factory=dict)  # those that are still to be made

    def add(self, event: ProgressEvent) -> None:
        """Count the event of a change."""
        key = event.change.key
        if event.what is EventKind.BEGUN and (whole := sum_amounts(event.change.steps)):
            if whole.number > 1:
                self.total[key], self.left[key] = whole, whole.number
                self._steps[key] = iter(event.change.steps)
        elif event.what is EventKind.STEP and key in self._steps:
            made = sum_amounts(islice(self._steps[key], 1))
            self.left[key] -= made.number if made else 0
        elif event.what in ENDS:
            self._steps.pop(key, None)

    def describe(self, change: Change) -> str:
        """Return what a change has left: `1,340 of 2,000 revisions left`; empty if it is not counted."""
        whole = self.total.get(change.key)
        return f"{self.left[change.key]:,} of {whole.number:,} {whole.unit} left" if whole else ""

    def describe_all(self) -> str:
        """Return what all changes have left together; empty if nothing is."""
        totals: dict[str, int] = {}
        left: dict[str, int] = {}
        for key, whole in self.total.items():
            totals[whole.unit] = totals.get(whole.unit, 0) + whole.number
            left[whole.unit] = left.get(whole.unit, 0) + self.left[key]
        return ", ".join(f"{n:,} of {totals[unit]:,} {unit} left" for unit, n in left.items() if n)
