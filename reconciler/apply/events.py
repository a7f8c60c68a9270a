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


ENDS = frozenset({EventKind.DONE, EventKind.HELD, EventKind.FAILED})


@dataclass(frozen=True)
class ProgressEvent:
    """A progress event of a change."""

    what: EventKind
    change: Change
    text: str = ""
    note: str = ""  # the id of a note: show only the first of several events with one id
    rate: str = ""
    """The operation whose rate of AWS's is all that it waits for, such as `register_task_definition`."""


Report = Callable[[ProgressEvent], object]


def guarded(*listeners: Report) -> Report:
    """Return a report to all listeners. One that raises gets no further event, and ends nothing."""
    listening = [*listeners]

    def report(event: ProgressEvent) -> None:
        for listener in (*listening,):
            try:
                listener(event)
            except Exception:
                listening.remove(listener)
                log.exception("a bug in this program", change=event.change.key)

    return report
