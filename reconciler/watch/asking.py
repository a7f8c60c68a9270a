"""Whom CloudTrail is asked about in a round: what is new, and what it had not shown yet the last time."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from reconciler.aws.trail.window import Window, ask_again
from reconciler.model.drift import Attribution, Difference

Ask = Callable[[Sequence[Difference], Window], Mapping[str, Attribution]]


@dataclass(frozen=True)
class Asked:
    """What was asked about a difference."""

    live: Any  # the value that was found
    window: Window  # in which the change was made
    at: datetime  # when it was asked last
    answer: Attribution | None = None

    def is_due(self, now: datetime) -> bool:
        """Tell whether it is to be asked again."""
        again = ask_again(self.answer, self.window.until, self.at)
        return again is not None and again <= now


def ask_about(
    differences: Iterable[Difference],
    before: Mapping[str, Asked],
    now: datetime,
    last_good: datetime | None,
    ask: Ask,
) -> dict[str, Asked]:
    """Ask about new differences and those that are due, and return what is known of all, by `Difference.key`.

    A new one was made since the last good round, if that is known.
    """
    known: dict[str, Asked] = {}
    due = defaultdict[Window, list[Difference]](list)
    for difference in differences:
        asked = before.get(difference.key)
        if asked is None or asked.live != difference.live:
            asked = Asked(difference.live, Window(now, last_good), now)
            due[asked.window].append(difference)
        elif asked.is_due(now):
            due[asked.window].append(difference)
        known[difference.key] = asked
    for window, some in due.items():
        for key, answer in ask(some, window).items():
            known[key] = replace(known[key], at=now, answer=answer)
    return known
