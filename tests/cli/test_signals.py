"""In processes of their own: a signal is for the whole of one."""

import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

PROGRAM = """
import sys, time
from reconciler.cli.signals import stoppable
def say(words):
    if {fails_to_say!r} in words:
        raise RuntimeError
    sys.stdout.write(words + chr(10))
    sys.stdout.flush()
with stoppable(say) as stop:
    stop.changing = {changing}
    say("ready")
    stopped = stop.requested.wait(600)
    {then}
    say(f"ended, {{stopped}}")
"""


ROOT = Path(__file__).parents[2]
UNDER_NOHUP = ("sh", "-c", "trap '' HUP; exec \"$@\"", "sh")


@pytest.fixture(autouse=True)
def no_signal_is_ignored() -> Iterator[None]:
    """A child inherits what is ignored: SIGHUP if the tests run under nohup, SIGINT behind a shell's `&`."""
    usual = {signal.SIGINT: signal.default_int_handler, signal.SIGHUP: signal.SIG_DFL}
    before = {number: signal.signal(number, handler) for number, handler in usual.items()}
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


def begun(
    *, changing: bool, then: str = "pass", fails_to_say: str = "!", under: tuple[str, ...] = ()
) -> subprocess.Popen[str]:
    """Start a program and wait until it is ready."""
    code = PROGRAM.format(changing=changing, then=then, fails_to_say=fails_to_say)
    program = subprocess.Popen([*under, sys.executable, "-c", code], stdout=subprocess.PIPE, text=True)
    assert program.stdout is not None
    assert program.stdout.readline() == "ready\n"
    return program


def ended(program: subprocess.Popen[str]) -> tuple[int, str]:
    """Return the exit code and the rest of the output; a program that does not end is killed."""
    with program:
        try:
            out, _ = program.communicate(timeout=600)
        finally:
            program.kill()
    return program.returncode, out


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
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


def test_under_nohup_a_lost_terminal_stops_nothing():
    program = begun(changing=True, under=UNDER_NOHUP)
    os.kill(program.pid, signal.SIGHUP)
    os.kill(program.pid, signal.SIGTERM)
    code, out = ended(program)
    assert code == 0  # the second signal would have ended it at once
    assert out.count("stopping") == 1


def test_a_message_that_cannot_be_shown_hinders_no_stop():
    program = begun(changing=True, then="say('asked'); time.sleep(600)", fails_to_say="stop")
    os.kill(program.pid, signal.SIGINT)
    assert program.stdout is not None
    assert program.stdout.readline() == "asked\n"
    os.kill(program.pid, signal.SIGINT)
    assert ended(program) == (130, "")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_while_nothing_is_changed_a_signal_ends_at_once(number):
    program = begun(changing=False)
    os.kill(program.pid, number)
    assert ended(program) == (130, "stopped: nothing was changed\n")


@pytest.mark.parametrize(
    ("changing", "takes", "given_back"),
    [(False, 0.3, True), (True, 0, False), (False, 600, False)],  # it is waited for, but not for ever
)
def test_what_is_held_is_given_back_unless_calls_are_in_flight(changing, takes, given_back):
    code = f"""
import os, signal, time
from reconciler.cli.signals import stoppable

def give_back():
    time.sleep({takes})
    print("given back", flush=True)

with stoppable(lambda words: print(words, flush=True)) as stop:
    stop.before_end, stop.changing = give_back, {changing}
    for _ in range(2):
        os.kill(os.getpid(), signal.SIGTERM)
        time.sleep(0.5)
    time.sleep(600)
"""
    found = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=600, check=False
    )
    assert found.returncode == 130
    assert ("given back" in found.stdout) == given_back


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
    found = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=600, check=True
    )
    assert found.stdout == "interrupted\n"


def test_ctrl_c_ends_a_command_that_runs_nothing_without_a_traceback(tmp_path, monkeypatch):
    monkeypatch.setenv("RECONCILER_STATE_DIR", str(tmp_path))
    with socket.create_server(("127.0.0.1", 0)) as silent:
        record = {"pid": os.getpid(), "port": silent.getsockname()[1], "token": "t"}
        (tmp_path / "sandbox.json").write_text(json.dumps(record))
        words = [sys.executable, "-m", "reconciler", "sandbox", "status"]
        program = subprocess.Popen(words, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        silent.settimeout(60)
        connection, _ = silent.accept()
        with connection:  # on which it waits for an answer
            program.send_signal(signal.SIGINT)
            code, out = ended(program)
    assert (code, out.strip()) == (130, "")
