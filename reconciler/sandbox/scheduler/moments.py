"""When a schedule is due. Only rates are played: a schedule by cron or at one time starts nothing here."""

import re
from typing import Any

from reconciler.sandbox.world import current

RATE = re.compile(r"rate\((\d+) (minute|hour|day)s?\)")
SECONDS = {"minute": 60, "hour": 3600, "day": 86_400}
NEVER = float("inf")


def plan_next(schedule: Any) -> None:
    """Set when the schedule is due next: a rate counts from when it was written (Scheduler user guide)."""
    schedule.due_at = current().clock.now() + _interval(schedule)


def take_due(schedule: Any, now: float) -> float | None:
    """Return the last moment at which it was due, if there was one since it was asked last; None if not.

    While nobody calls the embedded AWS no time passes for it: of several moments, only the last is made up for.
    """
    interval, due = _interval(schedule), getattr(schedule, "due_at", NEVER)
    if due > now:
        return None
    last: float = due + (now - due) // interval * interval
    schedule.due_at = last + interval
    return last if schedule.state == "ENABLED" and _is_between_its_dates(schedule, last) else None


def _is_between_its_dates(schedule: Any, moment: float) -> bool:
    """Tell whether it starts something at this virtual second: not before StartDate, nor after EndDate."""
    date = current().clock.date(moment).timestamp()
    return float(schedule.start_date or 0) <= date <= float(schedule.end_date or NEVER)


def _interval(schedule: Any) -> float:
    rate = RATE.fullmatch(schedule.schedule_expression)
    return int(rate[1]) * SECONDS[rate[2]] if rate else NEVER
