"""What an apply reports of its changes while it makes them."""

import enum
from collections.abc import Callable
from dataclasses import dataclass

import structlog

from reconciler.model.plan import Change

log = structlog.get_logger()


class EventKind(enum.StrEnum):
    """What happened to a change."""

    BEGUN = "begun"
    STEP = "step"  # one of its steps is done
    WAITING = "waiting"  # its step is tried again later
    NOTE = "note"  # AWS says something about it: a service event, a stopped task, …
    DONE = "done"
    HELD = "held"
    FAILED = "failed"


@dataclass(frozen=True)
class ProgressEvent:
    """Something that happened to a change."""

    what: EventKind
    change: Change
    text: str = ""
    note: str = ""  # id of a note: events with the same one should be shown once


Report = Callable[[ProgressEvent], object]


def guarded(report: Report) -> Report:
    """Return a listener that passes events on to `report`, and logs the first error of it instead of raising any."""
    failed = False

    def pass_on(event: ProgressEvent) -> None:
        nonlocal failed
        try:
            report(event)
        except Exception as error:
            if not failed:
                log.warning("progress cannot be reported", exc_info=error)
            failed = True

    return pass_on
