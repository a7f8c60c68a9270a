"""In processes of their own: a signal is for the whole of one."""

import os
import signal
import subprocess
import sys

import pytest

PROGRAM = """
import sys, time
from reconciler.cli.signals import stoppable
def say(words):
    sys.stdout.write(words + chr(10))
    sys.stdout.flush()
with stoppable(say) as stop:
    stop.changing = {changing}
    say("ready")
    stopped = stop.requested.wait(600)
    {then}
    say(f"ended, {{stopped}}")
"""


def begun(*, changing: bool, then: str = "pass") -> subprocess.Popen[str]:
    code = PROGRAM.format(changing=changing, then=then)
    program = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True)
    assert program.stdout is not None
    assert program.stdout.readline() == "ready\n"
    return program


def ended(program: subprocess.Popen[str]) -> tuple[int, str]:
    out, _ = program.communicate(timeout=120)
    return program.returncode, out


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_the_first_signal_asks_for_an_end(number):
    program = begun(changing=True)
    os.kill(program.pid, number)
    code, out = ended(program)
    assert code == 0
    assert "stopping: finishing calls in flight" in out
    assert "ended, True\n" in out


def test_the_second_signal_ends_at_once():
    program = begun(changing=True, then="time.sleep(600)")
    os.kill(program.pid, signal.SIGINT)
    assert program.stdout is not None
    assert program.stdout.readline().startswith("stopping")
    os.kill(program.pid, signal.SIGINT)
    code, out = ended(program)
    assert (code, out) == (130, "stopped at once: the next run will find out what was done\n")


def test_while_nothing_is_changed_a_signal_ends_at_once():
    program = begun(changing=False)
    os.kill(program.pid, signal.SIGTERM)
    assert ended(program) == (130, "stopped: nothing was changed\n")


def test_afterwards_signals_are_the_interpreters_again():
    code = """
import os, signal
from reconciler.cli.signals import stoppable
with stoppable(print):
    pass
try:
    os.kill(os.getpid(), signal.SIGINT)
    signal.pause()
except KeyboardInterrupt:
    print("interrupted")
"""
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True)
    assert found.stdout == "interrupted\n"
