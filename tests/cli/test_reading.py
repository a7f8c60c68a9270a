"""What a person sees while a run reads AWS for long, on a terminal."""

import sys
from threading import Event

import pytest
from terminals import put_terminal, run_on_terminal

from reconciler.aws.tally import Tally
from reconciler.cli import main
from reconciler.cli.reading import Reading, show_reading
from reconciler.cli.signals import Stop
from reconciler.render import drawing
from reconciler.render.drawing import draw_status
from reconciler.render.reading import describe_reading

HIDE_CURSOR, SHOW_CURSOR, ERASE_LINE = "\x1b[?25l", "\x1b[?25h", "\x1b[2K"


@pytest.fixture
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Draw what is read from the start on, as if it took long."""
    monkeypatch.setattr(drawing, "DRAWN_AFTER", 0.0)


def test_the_line_says_how_much_is_read_and_what_most_is_still_to_come_of():
    tally = Tally(answered=1212, unbegun=60)
    assert describe_reading(tally) == "Reading AWS: 1,212 answers, 60 to come"
    with tally.asking("ecr", "get_lifecycle_policy"):
        assert describe_reading(tally) == (
            "Reading AWS: 1,212 answers, 61 to come; waiting for ecr.get_lifecycle_policy"
        )
    assert describe_reading(Tally(answered=1)) == "Reading AWS: 1 answer"


def test_while_nothing_is_asked_the_line_says_why_the_run_waits(capsys):
    reading = Reading(Tally())
    reading.notify("another run holds the lease\nwaiting until it ends")
    assert reading.words() == "waiting until it ends"
    reading.tally.answered += 1
    assert reading.words() == "Reading AWS: 1 answer"
    assert capsys.readouterr().err == "another run holds the lease\nwaiting until it ends\n"


def test_what_is_drawn_is_erased_before_anything_else_is_said(applied, at_once):
    for command in (("plan",), ("plan", "--json"), ("outputs",), ("destroy",)):
        _, shown = run_on_terminal(*command, str(applied), typed=b"no\n")
        assert HIDE_CURSOR not in shown or shown.rfind(SHOW_CURSOR) > shown.rfind(HIDE_CURSOR), command
        assert "Reading AWS" not in shown.rpartition(SHOW_CURSOR)[2], command


def test_a_line_is_drawn_and_erased_before_the_next_one(at_once, monkeypatch):
    terminal = put_terminal(monkeypatch)
    drawn = Event()

    def words() -> str:
        drawn.set()
        return "Reading AWS"

    with draw_status(words) as erase:
        assert drawn.wait(30)
        erase()
        sys.stderr.write("done\n")
    before, _, after = terminal.getvalue().partition("done\n")
    assert "Reading AWS" in before
    assert ERASE_LINE in before[before.rfind("Reading AWS") :]
    assert before.rfind(SHOW_CURSOR) > before.rfind(HIDE_CURSOR)
    assert "Reading" not in after


def test_what_ends_soon_draws_nothing(monkeypatch):
    terminal = put_terminal(monkeypatch)
    with draw_status(lambda: "Reading AWS"):
        pass
    assert terminal.getvalue() == ""


def test_without_a_terminal_nothing_is_drawn(at_once, capsys):
    with draw_status(lambda: "Reading AWS"):
        pass
    assert capsys.readouterr().err == ""


def test_a_terminal_that_cannot_erase_gets_lines(at_once, monkeypatch):
    terminal = put_terminal(monkeypatch, "dumb")
    told = Event()

    def words() -> str:
        told.set()
        return "Reading AWS"

    with draw_status(words):
        assert told.wait(30)
    assert terminal.getvalue() == "Reading AWS\n"


def test_a_signal_erases_it_before_it_is_answered(monkeypatch):
    terminal = put_terminal(monkeypatch)
    stop = Stop(lambda _message: None)
    with show_reading(Tally(), stop):
        stop.print_message("stopped: nothing was changed")
        assert terminal.getvalue() == "stopped: nothing was changed\n"


def test_a_plan_without_a_terminal_says_nothing_of_its_reading(file, at_once, capsys):
    assert main(["plan", str(file)]) == 2
    assert capsys.readouterr().err == ""
