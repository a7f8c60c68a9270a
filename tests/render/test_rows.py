"""The rows of an apply on a terminal."""

from collections.abc import Iterator
from contextlib import contextmanager
from io import StringIO

from rich.console import Console
from toys import Shelf, Time, toy

from reconciler.apply.events import EventKind, ProgressEvent
from reconciler.render.history import History
from reconciler.render.progress import Shown, draw_progress
from reconciler.render.rows import choose_rows, draw_rows
from reconciler.render.under_way import Progress

CHANGES = Shelf().plan(*(toy(f"t{number}") for number in range(100))).changes
CHANGE = CHANGES[0]


def rows(progress: Progress, height: int = 25, now: float = 0) -> list[str]:
    """Return what a terminal of 80 columns shows."""
    console = Console(file=StringIO(), width=80, height=height)
    with console.capture() as shown:
        console.print(draw_rows(choose_rows(progress, height, now), 80, "*"), end="")
    return [line.rstrip() for line in shown.get().splitlines()]


def begun(number: int, waiting: int = 0, said: str = "", total: int = 0) -> Progress:
    """Return the progress of so many changes under way, of which the last ones wait for a rate of AWS."""
    progress = Progress(total)
    for index, change in enumerate(CHANGES[:number]):
        progress.record(ProgressEvent(EventKind.BEGUN, change), "", 0)
        if index >= number - waiting:
            progress.record(ProgressEvent(EventKind.WAITING, change, rate="make_toy"), "waits for its turn", 0)
        elif said:
            progress.record(ProgressEvent(EventKind.WAITING, change), said, 0)
    return progress


def test_each_change_under_way_has_a_row_with_its_time_and_what_it_waits_for():
    assert rows(begun(3, waiting=1, said="0 of 2 running\nmore"), now=75) == [
        "* creating toy.t0 0:01:15 0 of 2 running",
        "* creating toy.t1 0:01:15 0 of 2 running",
        "* creating toy.t2 0:01:15 waits for its turn",
    ]


def test_more_than_fit_the_screen_are_counted_and_those_that_wait_for_rates_first():
    found = rows(begun(100, waiting=87, total=1700), height=10)
    assert found == [
        *(f"* creating toy.t{number} 0:00:00" for number in range(5)),
        "  8 more",
        "  87 wait to stay below AWS's rate of make_toy",
        "  0 of 1,700 changes done",
    ]


def test_rows_fit_the_smallest_screen():
    assert len(rows(begun(100, waiting=50), height=1)) == 4


def test_a_row_is_one_line_however_long_its_text_is():
    (line,) = rows(begun(1, said="a long text " * 20))
    assert len(line) == 80
    assert line.endswith("…")


def test_a_step_ends_what_was_said():
    progress = begun(1, said="provisioning")
    progress.record(ProgressEvent(EventKind.STEP, CHANGE), "", 0)
    assert rows(progress) == ["* creating toy.t0 0:00:00"]


@contextmanager
def drawn() -> Iterator[tuple[Shown, StringIO]]:
    out, time = StringIO(), Time()
    console = Console(file=out, force_terminal=True, width=80, height=25, _environ={"TERM": "xterm"})
    with draw_progress(console, History(lambda: time.at), refreshed=False) as shown:
        yield shown, out


def test_a_terminal_shows_what_waits_and_keeps_what_ended():
    with drawn() as (shown, out):
        shown.report(ProgressEvent(EventKind.BEGUN, CHANGE))
        shown.report(ProgressEvent(EventKind.NOTE, CHANGE, "task stopped", note="task 1"))
        assert "t0: task stopped" in out.getvalue()
        assert "creating toy.t0" in out.getvalue()
        before = len(out.getvalue())
        shown.report(ProgressEvent(EventKind.DONE, CHANGE))
        assert "✓ create toy.t0" in out.getvalue()[before:]
        assert "creating" not in out.getvalue()[before:]


def test_a_terminal_takes_an_end_that_had_no_beginning():
    with drawn() as (shown, out):
        shown.report(ProgressEvent(EventKind.DONE, CHANGE))
    assert "✓ create toy.t0 (0.0 s)" in out.getvalue()


def test_a_stop_shows_that_calls_in_flight_are_awaited_in_place_of_the_rows():
    with drawn() as (shown, out):
        shown.report(ProgressEvent(EventKind.BEGUN, CHANGE))
        before = len(out.getvalue())
        shown.say_stopping()
        assert "finishing calls in flight" in out.getvalue()[before:]
        assert "creating" not in out.getvalue()[before:]
