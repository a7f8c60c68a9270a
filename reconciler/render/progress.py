"""Show the progress of an apply on stderr: live rows on a terminal, lines elsewhere."""

import sys
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, TextIO

from reconciler.apply.events import EventKind, ProgressEvent, Report
from reconciler.model.printable import printable
from reconciler.render.drawing import can_draw
from reconciler.render.history import History
from reconciler.render.rows import Row, choose_rows, draw_rows
from reconciler.render.under_way import Progress, describe_doing, summarize_progress

if TYPE_CHECKING:
    from rich.console import Console, Group

MARK_COLOURS = {"✓": "green", "✗": "red", "‖": "yellow"}
STOPPING = "finishing calls in flight"


def report_in_lines(stream: TextIO, history: History) -> Report:
    """Return a listener that writes a line when a change ends, has a note, or takes long.

    While many are under way, a line now and then counts them, in place of one about each.
    """

    def lines(event: ProgressEvent) -> Iterator[str]:
        line = history.add(event)
        if not history.is_many:
            yield from (f"… {describe_doing(change)}" for change in history.pop_slow())
            if event.what is EventKind.WAITING and not event.rate and history.add_wait(event):
                yield f"… {describe_doing(event.change)}: {history.say(event)}"
        if line is not None:
            yield line

    def report(event: ProgressEvent) -> None:
        found = [*lines(event)]
        if history.is_summary_due():
            found.append(f"… {summarize_progress(history.progress)}")
        for text in found:
            print(printable(text), file=stream, flush=True)
            history.written = history.now()

    return report


@dataclass(frozen=True)
class Shown:
    """The progress on stderr: `report` listens, and the others change what is drawn on a terminal."""

    report: Report
    say_stopping: Callable[[], object] = lambda: None  # in place of the rows
    erase: Callable[[], object] = lambda: None  # for good


@contextmanager
def show_progress(secrets: Collection[str] = (), total: int = 0) -> Iterator[Shown]:
    """Show on stderr what is reported within the block.

    `secrets` are those of the plan, which AWS may repeat; `total` is the number of its changes.
    """
    history = History(secrets=secrets, progress=Progress(total))
    if not can_draw(sys.stderr):
        yield Shown(report_in_lines(sys.stderr, history))
        return
    from rich.console import Console  # noqa: PLC0415  slow, and only a terminal needs it

    with draw_progress(Console(stderr=True), history) as shown:
        yield shown


@contextmanager
def draw_progress(console: "Console", history: History, *, refreshed: bool = True) -> Iterator[Shown]:
    """Draw a row for each change under way, and print above them those that ended.

    Not `refreshed`, the rows are drawn only when something is reported.
    """
    from rich.live import Live  # noqa: PLC0415
    from rich.spinner import Spinner  # noqa: PLC0415
    from rich.text import Text  # noqa: PLC0415

    spinner, stopped = Spinner("dots"), list[float]()  # when

    def draw() -> "Group":
        now = history.now()
        stopping = [Row(STOPPING, now - at) for at in stopped[:1]]
        rows = stopping or choose_rows(history.progress, console.height, now)
        return draw_rows(rows, console.width, str(spinner.render(now)))

    def report(event: ProgressEvent) -> None:
        line = history.add(event)
        if not refreshed:
            live.refresh()
        if line is not None:
            console.print(Text(printable(line), style=MARK_COLOURS.get(line[0], "dim")))

    def say_stopping() -> None:
        stopped.append(history.now())
        live.refresh()

    live = Live(
        get_renderable=draw, console=console, transient=True, auto_refresh=refreshed, refresh_per_second=10
    )
    with live:
        yield Shown(report, say_stopping, live.stop)
