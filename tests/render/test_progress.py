import sys
from io import StringIO

from toys import Shelf, Time, toy

from reconciler.apply.events import EventKind, ProgressEvent
from reconciler.render.history import History
from reconciler.render.progress import report_in_lines, show_progress
from reconciler.render.under_way import Progress

(CHANGE,) = Shelf().plan(toy("it")).changes
MANY = Shelf().plan(*(toy(f"t{number}") for number in range(30))).changes


def told(*events: ProgressEvent | float, total: int = 0) -> list[str]:
    """Return the lines for these events; a number lets this many seconds pass."""
    time, out = Time(), StringIO()
    report = report_in_lines(out, History(lambda: time.at, progress=Progress(total)))
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


def test_while_many_are_under_way_a_line_now_and_then_counts_them_and_none_is_about_one():
    begun = [ProgressEvent(EventKind.BEGUN, change) for change in MANY]
    waits = [ProgressEvent(EventKind.WAITING, change, "for its turn", rate="make_toy") for change in MANY[2:]]
    looked = [ProgressEvent(EventKind.WAITING, change, "0 of 2 running") for change in MANY[:2]]
    done = ProgressEvent(EventKind.DONE, MANY[0])
    assert told(*begun, *waits, 20, *looked, 11, *looked, 20, *looked, done, total=400) == [
        "… 0 of 400 changes done; under way: 30 toy; 28 wait to stay below AWS's rate of make_toy",
        "✓ create toy.t0 (51.0 s)",
    ]


def test_what_only_waits_for_a_rate_of_aws_has_no_line():
    wait = ProgressEvent(EventKind.WAITING, CHANGE, "waits for its turn", rate="make_toy")
    assert told(ProgressEvent(EventKind.BEGUN, CHANGE), wait, 31, wait) == []


def test_lines_never_stop_for_longer_than_a_minute():
    looked = ProgressEvent(EventKind.WAITING, CHANGE, "0 of 2 running")
    other = ProgressEvent(EventKind.FAILED, MANY[1], "no room")
    assert told(ProgressEvent(EventKind.BEGUN, CHANGE), other, 31, looked, 30, looked, 31, looked, looked)[
        1:
    ] == [
        "… creating toy.it",
        "… creating toy.it: 0 of 2 running",
        "… 0 changes done, 1 failed; under way: 1 toy",
    ]


def test_progress_goes_to_stderr_in_lines_where_that_is_no_terminal(capsys):
    with show_progress() as shown:
        shown.report(ProgressEvent(EventKind.DONE, CHANGE))
        shown.erase()
    assert capsys.readouterr().err == "✓ create toy.it (0.0 s)\n"


class Terminal(StringIO):
    def isatty(self) -> bool:
        return True


def test_progress_is_drawn_where_stderr_is_a_terminal(monkeypatch):
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setattr(sys, "stderr", out := Terminal())
    with show_progress() as shown:
        shown.report(ProgressEvent(EventKind.BEGUN, CHANGE))
        shown.erase()
        shown.report(ProgressEvent(EventKind.DONE, CHANGE))
    assert "creating toy.it" in out.getvalue()
    assert "✓ create toy.it" in out.getvalue()


def test_a_terminal_that_cannot_erase_gets_lines(monkeypatch):
    monkeypatch.setenv("TERM", "dumb")
    monkeypatch.setattr(sys, "stderr", out := Terminal())
    with show_progress() as shown:
        shown.report(ProgressEvent(EventKind.DONE, CHANGE))
    assert out.getvalue() == "✓ create toy.it (0.0 s)\n"
