"""Whom CloudTrail is asked about in a round: what is new, and what it had not shown yet the last time."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from threading import Event
from typing import Any

from reconciler.aws.trail import FOR_A_ROUND, Pace, Window, ask_again
from reconciler.drift import ask_who
from reconciler.drift.last_apply import LastApply
from reconciler.model.drift import Attribution, Difference, DriftReport
from reconciler.session import Session

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


def ask_cloudtrail(session: Session, report: DriftReport, pace: Pace, stop: Event) -> Ask:
    """Return the function by which a round asks CloudTrail, within the time that one may take.

    `pace` is that of the process, as AWS allows two questions a second for the whole account.
    """
    last, ends = LastApply(report.applied), pace.now() + FOR_A_ROUND

    def ask(some: Sequence[Difference], window: Window) -> Mapping[str, Attribution]:
        return ask_who(session, last, some, window, pace=pace, stop=stop, deadline=ends)

    return ask


def ask_about(
    differences: Iterable[Difference],
    before: Mapping[str, Asked],
    now: datetime,
    last_good: datetime | None,
    ask: Ask,
) -> dict[str, Asked]:
    """Ask about new differences and those that are due, and return what is known of all, by `Difference.key`.

    A new one was made since the last good round, if that is known. The newest are asked about first.
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
    for window in sorted(due, key=lambda window: window.until, reverse=True):
        for key, answer in ask(due[window], window).items():
            known[key] = replace(known[key], at=now, answer=answer)
    return known
