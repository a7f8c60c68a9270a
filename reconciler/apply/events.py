"""The progress events of an apply."""

import enum
from collections.abc import Callable
from dataclasses import dataclass

import structlog

from reconciler.model.plan import Change

log = structlog.get_logger()


class EventKind(enum.StrEnum):
    """The kinds of progress events."""

    BEGUN = "begun"
    STEP = "step"  # one of its steps is done
    WAITING = "waiting"  # its step is tried again later
    NOTE = "note"  # AWS says something about it: a service event, a stopped task, …
    DONE = "done"
    HELD = "held"
    FAILED = "failed"


@dataclass(frozen=True)
class ProgressEvent:
    """A progress event of a change."""

    what: EventKind
    change: Change
    text: str = ""
    note: str = ""  # the id of a note: show only the first of several events with one id


Report = Callable[[ProgressEvent], object]


def guarded(report: Report) -> Report:
    """Return a listener that passes events to `report` and raises none of its errors. It logs the first one."""
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
