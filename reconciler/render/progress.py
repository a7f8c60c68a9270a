"""What an apply does, as it does it, on stderr: drawn on a terminal, lines elsewhere."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from time import monotonic
from typing import TYPE_CHECKING, TextIO

from reconciler.apply.events import EventKind, ProgressEvent, Report
from reconciler.model.plan import Change, Op
from reconciler.render.summary import NOT_THERE
from reconciler.render.values import indented

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

SOON = 5.0  # seconds in which most changes end: of such, only the end is told
QUIET = 30.0  # seconds between two lines about one change that waits, where they cannot be overwritten
DOING = {Op.CREATE: "creating", Op.UPDATE: "changing", Op.DELETE: "deleting", Op.AWAIT: "waiting for"}
MARKS = {EventKind.DONE: "✓", EventKind.FAILED: "✗", EventKind.HELD: "‖"}
COLOURS = {"✓": "green", "✗": "red", "‖": "yellow"}


@dataclass
class Story:
    """What was told so far, so that nothing is told twice."""

    now: Callable[[], float] = monotonic
    begun: dict[str, float] = field(default_factory=dict)
    quiet: dict[str, Change] = field(default_factory=dict)  # started, not finished, and nothing told of it yet
    notes: set[tuple[str, str]] = field(default_factory=set)
    waiting: dict[str, tuple[float, str]] = field(default_factory=dict)  # when, and what

    def line(self, event: ProgressEvent) -> str | None:
        """What there is to say of it for good; None: nothing that was not said."""
        change = event.change
        match event.what:
            case EventKind.BEGUN:
                self.begun[change.key] = self.now()
                self.quiet[change.key] = change
            case EventKind.NOTE if (change.key, event.note) not in self.notes:
                self.notes.add((change.key, event.note))
                return f"  {change.address.name}: {indented(event.text)}"
            case EventKind.DONE | EventKind.FAILED | EventKind.HELD:
                self.quiet.pop(change.key, None)
                seconds = self.now() - self.begun.get(change.key, self.now())
                absent = event.what is EventKind.HELD and change.op is Op.AWAIT
                text = NOT_THERE if absent else event.text
                told = f": {indented(text)}" if text else ""
                return f"{MARKS[event.what]} {change.op} {change.address} ({seconds:.1f} s){told}"
        return None

    def slow(self) -> list[Change]:
        """What has not ended soon; each once. Told when anything is: the ledger looks at what waits all the time."""
        found = [c for key, c in self.quiet.items() if self.now() - self.begun[key] >= SOON]
        for change in found:
            del self.quiet[change.key]
        return found

    def is_new(self, event: ProgressEvent) -> bool:
        """Whether what a change waits for has changed, and it was last said a good while ago."""
        said, text = self.waiting.get(event.change.key, (self.begun.get(event.change.key, 0.0), ""))
        if not event.text or event.text == text or self.now() - said < QUIET:
            return False
        self.waiting[event.change.key] = self.now(), event.text
        return True


def lines(stream: TextIO, story: Story) -> Report:
    """One line when a change ends or says something, or is not done soon; when it waits, not at each look."""

    def report(event: ProgressEvent) -> None:
        told = story.line(event)
        if event.what is EventKind.WAITING and story.is_new(event):
            told = f"… {_doing(event.change)}: {event.text}"
        for line in (*(f"… {_doing(change)}" for change in story.slow()), told):
            if line is not None:
                print(line, file=stream, flush=True)

    return report


def drawn(progress: "Progress", story: Story) -> Report:
    """A line for each change under way, with its time; above them what has ended."""
    from rich.text import Text  # noqa: PLC0415  slow, and only a terminal needs it

    rows: dict[str, TaskID] = {}

    def report(event: ProgressEvent) -> None:
        told, key = story.line(event), event.change.key
        if event.what is EventKind.BEGUN:
            rows[key] = progress.add_task(_doing(event.change), total=None, said="")
        elif event.what is EventKind.WAITING and event.text:
            progress.update(rows[key], said=event.text.partition("\n")[0])
        elif event.what in MARKS and key in rows:
            progress.remove_task(rows.pop(key))
        if told is not None:
            progress.console.print(Text(told, style=COLOURS.get(told[0], "dim")))

    return report


@contextmanager
def shown() -> Iterator[tuple[Report, Callable[[], object]]]:
    """The report that suits where stderr leads to, and what takes a drawing away: lines follow from then on."""
    if not sys.stderr.isatty():
        yield lines(sys.stderr, Story()), lambda: None
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
        yield drawn(progress, Story()), progress.stop


def _doing(change: Change) -> str:
    return f"{DOING[change.op]} {change.address}"
