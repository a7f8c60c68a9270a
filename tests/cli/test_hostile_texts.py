"""What others wrote does nothing to a terminal: names, tags, the lease, AWS's errors."""

import json
import sys
from io import StringIO

import structlog
from toys import Shelf, toy

from reconciler.apply.events import EventKind, ProgressEvent
from reconciler.aws import logs
from reconciler.cli.terminal import confirm, print_json, print_message, print_text
from reconciler.render.history import History
from reconciler.render.progress import report_in_lines

HOSTILE = "a\x1b[2J\x1b]0;title\x07\x9b31m\u202etxt\rb"
SHOWN = r"a\x1b[2J\x1b]0;title\x07\x9b31m\u202etxt\rb"


def test_results_and_messages_are_shown_with_escapes(capsys):
    print_text(f"{HOSTILE}\n")
    print_message(HOSTILE)
    assert capsys.readouterr() == (f"{SHOWN}\n", f"{SHOWN}\n")


def test_so_they_are_on_a_terminal(capsys, monkeypatch):
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    monkeypatch.delenv("NO_COLOR", raising=False)
    print_text(f"{HOSTILE}\n")
    assert SHOWN in capsys.readouterr().out


def test_questions_have_none(capsys, monkeypatch):
    monkeypatch.setattr(sys, "stdin", StringIO())
    assert not confirm(HOSTILE)
    assert capsys.readouterr().err.startswith(f"{SHOWN} Only")


def test_json_says_the_same_and_holds_none(capsys):
    print_json({"said": HOSTILE})
    out = capsys.readouterr().out
    assert out.replace("\n", "").isprintable()
    assert json.loads(out) == {"said": HOSTILE}


def test_progress_has_none(capsys):
    (change,) = Shelf().plan(toy("it")).changes
    report_in_lines(sys.stderr, History())(ProgressEvent(EventKind.FAILED, change, HOSTILE))
    assert SHOWN in capsys.readouterr().err


def test_logs_for_people_have_none(capsys, monkeypatch):
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    logs.configure()
    structlog.get_logger().warning("refused", why=HOSTILE)
    assert SHOWN in capsys.readouterr().err
