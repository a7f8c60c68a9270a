import sys
from io import StringIO

from rich.console import Console
from rich.progress import Progress, TextColumn
from toys import Shelf, Time, toy

from reconciler.apply.events import EventKind, ProgressEvent
from reconciler.render.progress import History, report_in_lines, report_on_terminal, show_progress

(CHANGE,) = Shelf().plan(toy("it")).changes


def told(*events: ProgressEvent | float) -> list[str]:
    """Return the lines for these events; a number lets this many seconds pass."""
    time, out = Time(), StringIO()
    report = report_in_lines(out, History(lambda: time.at))
    for event in events:
        if isinstance(event, ProgressEvent):
            report(event)
        else:
            time.rest(event)
    return out.getvalue().splitlines()


def test_of_a_change_that_is_done_soon_only_the_end_is_told():
    begun, done = ProgressEvent(EventKind.BEGUN, CHANGE), ProgressEvent(EventKind.DONE, CHANGE)
    assert told(begun, 2.5, done) == ["✓ create toy.it (2.5 s)"]


def test_a_change_that_takes_longer_is_told_once_while_it_goes_on():
    begun, looked, done = (
        ProgressEvent(what, CHANGE) for what in (EventKind.BEGUN, EventKind.WAITING, EventKind.DONE)
    )
    assert told(begun, 5, looked, 5, looked, done) == ["… creating toy.it", "✓ create toy.it (10.0 s)"]


def test_what_others_tell_shows_that_it_goes_on():
    other = Shelf().plan(toy("other")).changes[0]
    assert told(ProgressEvent(EventKind.BEGUN, CHANGE), 6, ProgressEvent(EventKind.DONE, other)) == [
        "… creating toy.it",
        "✓ create toy.other (0.0 s)",
    ]


def test_a_failure_says_why():
    failed = ProgressEvent(EventKind.FAILED, CHANGE, "no room\nnone at all")
    assert told(failed) == ["✗ create toy.it (0.0 s): no room", "    none at all"]


def test_a_step_and_a_look_are_not_told():
    waiting = ProgressEvent(EventKind.WAITING, CHANGE, "provisioning")
    assert told(ProgressEvent(EventKind.BEGUN, CHANGE), ProgressEvent(EventKind.STEP, CHANGE), 4, waiting) == []


def test_long_waiting_is_told_now_and_then_where_it_changes():
    first, second = (ProgressEvent(EventKind.WAITING, CHANGE, f"{n} of 2 running") for n in (0, 1))
    assert told(ProgressEvent(EventKind.BEGUN, CHANGE), 31, first, 31, first, 5, second)[1:] == [
        "… creating toy.it: 0 of 2 running",
        "… creating toy.it: 1 of 2 running",
    ]


def test_a_note_is_told_once():
    note = ProgressEvent(EventKind.NOTE, CHANGE, "task stopped: exit code 1", note="task 1")
    assert told(note, note) == ["  it: task stopped: exit code 1"]


def test_a_terminal_shows_what_waits_and_keeps_what_ended():
    out = StringIO()
    columns = TextColumn("{task.description} {task.fields[said]}")
    with Progress(
        columns, console=Console(file=out, force_terminal=True, width=80), auto_refresh=False
    ) as progress:
        report = report_on_terminal(progress, History())
        report(ProgressEvent(EventKind.BEGUN, CHANGE))
        report(ProgressEvent(EventKind.WAITING, CHANGE, "provisioning"))
        progress.refresh()
        assert [(t.description, t.fields["said"]) for t in progress.tasks] == [
            ("creating toy.it", "provisioning")
        ]
        report(ProgressEvent(EventKind.DONE, CHANGE))
        assert not progress.tasks
    assert "✓ create toy.it" in out.getvalue()


def test_a_terminal_shows_a_note_above_the_rows():
    out = StringIO()
    console = Console(file=out, force_terminal=True, width=80)
    with Progress(TextColumn("{task.description}"), console=console, auto_refresh=False) as progress:
        report = report_on_terminal(progress, History())
        report(ProgressEvent(EventKind.BEGUN, CHANGE))
        report(ProgressEvent(EventKind.NOTE, CHANGE, "task stopped", note="task 1"))
        assert len(progress.tasks) == 1
    assert "it: task stopped" in out.getvalue()


def test_a_terminal_takes_an_end_that_had_no_beginning():
    out = StringIO()
    with Progress(console=Console(file=out), auto_refresh=False) as progress:
        report_on_terminal(progress, History())(ProgressEvent(EventKind.DONE, CHANGE))
    assert "✓ create toy.it (0.0 s)" in out.getvalue()


def test_progress_goes_to_stderr_in_lines_where_that_is_no_terminal(capsys):
    with show_progress() as (report, erase):
        report(ProgressEvent(EventKind.DONE, CHANGE))
        erase()
    assert capsys.readouterr().err == "✓ create toy.it (0.0 s)\n"


class Terminal(StringIO):
    def isatty(self) -> bool:
        return True


def test_progress_is_drawn_where_stderr_is_a_terminal(monkeypatch):
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setattr(sys, "stderr", out := Terminal())
    with show_progress() as (report, erase):
        report(ProgressEvent(EventKind.BEGUN, CHANGE))
        erase()
        report(ProgressEvent(EventKind.DONE, CHANGE))
    assert "creating toy.it" in out.getvalue()
    assert "✓ create toy.it" in out.getvalue()
