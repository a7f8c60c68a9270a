"""The terminal of a person who stops an apply, in a process of its own."""

import os
import pty
import subprocess
import sys

PROGRAM = """
import time
from toys import Shelf, toy
from reconciler.apply.events import ProgressEvent, EventKind
from reconciler.cli.terminal import print_message
from reconciler.render.progress import show_progress
(change,) = Shelf().plan(toy("it")).changes
with show_progress() as shown:
    shown.report(ProgressEvent(EventKind.BEGUN, change))
    time.sleep(0.3)
    shown.erase()
    print_message("stopping")
    shown.report(ProgressEvent(EventKind.DONE, change))
"""


def seen(program: str) -> str:
    """Return all that the program writes to its terminal."""
    ours, its = pty.openpty()
    environ = os.environ | {"TERM": "xterm", "PYTHONPATH": os.pathsep.join(sys.path)}
    child = subprocess.Popen([sys.executable, "-c", program], stdin=its, stdout=its, stderr=its, env=environ)
    os.close(its)
    written = b""
    while True:
        try:
            written += os.read(ours, 4096)
        except OSError:  # it has ended
            break
    os.close(ours)
    assert child.wait(600) == 0
    return written.decode()


def test_a_stop_takes_the_drawing_away_before_it_says_so():
    drawn, _, after = seen(PROGRAM).partition("stopping")
    assert "creating toy.it" in drawn
    assert drawn.rfind("\x1b[2K") > drawn.rfind("creating toy.it")
    assert drawn.rfind("\x1b[?25h") > drawn.rfind("\x1b[?25l")
    assert "creating" not in after
    assert "create toy.it" in after
