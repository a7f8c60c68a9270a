"""Show the progress of an apply on stderr: live rows on a terminal, lines elsewhere."""

import sys
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from time import monotonic
from typing import TYPE_CHECKING, TextIO

from desired_state.secrecy import hide_known
from reconciler.apply.events import EventKind, ProgressEvent, Report
from reconciler.model.plan import Change, Op
from reconciler.model.printable import printable
from reconciler.render.amounts import Amounts
from reconciler.render.plan_summary import NOT_THERE
from reconciler.render.values import indent_continuation

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

SHOWN_AFTER = 5.0  # seconds; of a change that ends sooner, as most do, only the end is shown
WAIT_REPEATED_AFTER = 30.0  # seconds between two lines about one change that waits
OP_PARTICIPLES = {Op.CREATE: "creating", Op.UPDATE: "changing", Op.DELETE: "deleting", Op.AWAIT: "waiting for"}
END_MARKS = {EventKind.DONE: "✓", EventKind.FAILED: "✗", EventKind.HELD: "‖"}
MARK_COLOURS = {"✓": "green", "✗": "red", "‖": "yellow"}


@dataclass
class History:
    """The record of what has been shown, so that nothing is shown twice. Its keys are those of changes."""

    now: Callable[[], float] = monotonic
    secrets: Collection[str] = ()  # that AWS may repeat, and nobody is shown
    begun: dict[str, float] = field(default_factory=dict)  # when
    unshown: dict[str, Change] = field(default_factory=dict)  # under way, with no line about them yet
    notes: set[tuple[str, str]] = field(default_factory=set)
    waiting: dict[str, tuple[float, str]] = field(default_factory=dict)  # when a wait was shown, and its text
    amounts: Amounts = field(default_factory=Amounts)
    amounts_shown: float | None = None  # when

    def say(self, event: ProgressEvent) -> str:
        """Return AWS's words about an event, without secrets."""
        return hide_known(event.text, self.secrets)

    def add(self, event: ProgressEvent) -> str | None:
        """Record an event, and return the line to show for it; None for most events."""
        change, now = event.change, self.now()
        self.amounts.add(event)
        match event.what:
            case EventKind.BEGUN:
                self.begun[change.key] = now
                self.unshown[change.key] = change
            case EventKind.NOTE if (change.key, event.note) not in self.notes:
                self.notes.add((change.key, event.note))
                return f"  {change.address.name}: {indent_continuation(self.say(event))}"
            case EventKind.DONE | EventKind.FAILED | EventKind.HELD:
                self.unshown.pop(change.key, None)
                seconds = now - self.begun.get(change.key, now)
                absent = event.what is EventKind.HELD and change.op is Op.AWAIT
                text = NOT_THERE if absent else self.say(event)
                why = f": {indent_continuation(text)}" if text else ""
                return f"{END_MARKS[event.what]} {change.op} {change.label} ({seconds:.1f} s){why}"
        return None

    def pop_slow(self) -> list[Change]:
        """Return the changes that have been under way for `SHOWN_AFTER` seconds, each one only once.

        There is no timer: it is called at each event, and the ledger reports waiting changes all the time.
        """
        slow = [c for key, c in self.unshown.items() if self.now() - self.begun[key] >= SHOWN_AFTER]
        for change in slow:
            del self.unshown[change.key]
        return slow

    def add_wait(self, event: ProgressEvent) -> bool:
        """Tell whether to show what a change waits for: if it is new, at most once in `WAIT_REPEATED_AFTER`."""
        shown, text = self.waiting.get(event.change.key, (self.begun.get(event.change.key, 0.0), ""))
        if not event.text or event.text == text or self.now() - shown < WAIT_REPEATED_AFTER:
            return False
        self.waiting[event.change.key] = self.now(), event.text
        return True

    def pop_amounts(self) -> str:
        """Return what all changes have left of many things, once in `WAIT_REPEATED_AFTER`; else nothing."""
        text, now = self.amounts.describe_all(), self.now()
        if text and self.amounts_shown is None:
            self.amounts_shown = now
        if not text or self.amounts_shown is None or now - self.amounts_shown < WAIT_REPEATED_AFTER:
            return ""
        self.amounts_shown = now
        return text


def report_in_lines(stream: TextIO, history: History) -> Report:
    """Return a listener that writes a line when a change ends, has a note, or takes long."""

    def report(event: ProgressEvent) -> None:
        line = history.add(event)
        if event.what is EventKind.WAITING and history.add_wait(event):
            line = f"… {_doing(event.change)}: {history.say(event)}"
        if event.what is EventKind.STEP and (left := history.pop_amounts()):
            line = f"… {left}"
        for text in (*(f"… {_doing(change)}" for change in history.pop_slow()), line):
            if text is not None:
                print(printable(text), file=stream, flush=True)

    return report


def report_on_terminal(progress: "Progress", history: History) -> Report:
    """Return a listener that shows a row for each change under way, and prints those that ended above them."""
    from rich.text import Text  # noqa: PLC0415  slow, and only a terminal needs it

    rows: dict[str, TaskID] = {}

    def report(event: ProgressEvent) -> None:
        line, key = history.add(event), event.change.key
        if event.what is EventKind.BEGUN:
            rows[key] = progress.add_task(printable(_doing(event.change)), total=None, said="")
        elif event.what in (EventKind.WAITING, EventKind.STEP) and key in rows:
            left, said = history.amounts.describe(event.change), history.say(event).partition("\n")[0]
            if text := "; ".join(filter(None, (left, said))):
                progress.update(rows[key], said=printable(text))
        elif event.what in END_MARKS and key in rows:
            progress.remove_task(rows.pop(key))
        if line is not None:
            progress.console.print(Text(printable(line), style=MARK_COLOURS.get(line[0], "dim")))

    return report


@contextmanager
def show_progress(secrets: Collection[str] = ()) -> Iterator[tuple[Report, Callable[[], object]]]:
    """Yield a listener for stderr, and a function that removes the rows from the terminal for good.

    `secrets` are those of the plan, which AWS may repeat.
    """
    if not sys.stderr.isatty():
        yield report_in_lines(sys.stderr, History(secrets=secrets)), lambda: None
        return
    from rich.console import Console  # noqa: PLC0415
    from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn  # noqa: PLC0415

    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}", markup=False),
        TimeElapsedColumn(),
        TextColumn("{task.fields[said]}", style="dim", markup=False),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        yield report_on_terminal(progress, History(secrets=secrets)), progress.stop


def _doing(change: Change) -> str:
    return f"{OP_PARTICIPLES[change.op]} {change.label}"
