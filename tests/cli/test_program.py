"""The program as a process: how it starts, and what it has done when it ends."""

import gc
import json
import subprocess
import sys
from pathlib import Path

import pytest

from desired_state import DEFAULT_FILE
from reconciler.cli import main
from reconciler.cli.collector import NEW_OBJECTS, start_collecting
from reconciler.sandbox import process

ROOT = Path(__file__).parents[2]
RUN = "from reconciler.__main__ import run_program; run_program()"


def run(*words: str, before: str = "pass", then: str = "") -> subprocess.CompletedProcess[str]:
    """Run the program after some lines of Python; `then` is what its stdout is led through."""
    command = 'exec "$0" -c "$1" "${@:2}"' if not then else f'"$0" -c "$1" "${{@:2}}" | {then}'
    return subprocess.run(
        ["/bin/bash", "-o", "pipefail", "-c", command, sys.executable, f"{before}\n{RUN}", *words],
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def test_main_returns_its_code_and_leaves_the_collector_of_a_script_alone(file, capsys):
    threshold, frozen = gc.get_threshold(), gc.get_freeze_count()
    assert main(["plan", str(file)]) == 2
    assert gc.isenabled()
    assert gc.get_threshold() == threshold
    assert gc.get_freeze_count() <= frozen  # fewer, if some of these are no more


def test_a_run_collects_garbage_but_looks_at_nothing_that_the_start_has_made():
    threshold, frozen = gc.get_threshold(), gc.get_freeze_count()
    made = [[] for _ in range(NEW_OBJECTS)]
    gc.disable()
    try:
        start_collecting()
        assert gc.isenabled()
        assert gc.get_threshold()[0] == NEW_OBJECTS
        assert gc.get_freeze_count() - frozen >= len(made)
    finally:
        gc.enable()
        gc.set_threshold(*threshold)


def test_a_thread_that_is_left_over_does_not_keep_the_process():
    left_over = "import threading; threading.Thread(target=threading.Event().wait).start()"
    assert run("--version", before=left_over).returncode == 0


def test_what_is_to_be_done_at_exit_is_done_and_printed():
    done = run("--version", before="import atexit; atexit.register(print, 'saved', end='')")
    assert done.stdout.endswith("\nsaved")


@pytest.mark.parametrize("stream", ["stdout", "stderr"])
def test_a_stream_that_does_not_exist_does_not_change_the_exit_code(stream):
    assert run("--version", before=f"import sys; sys.{stream} = sys.__{stream}__ = None").returncode == 0


def test_a_failure_is_told_whole_before_the_process_ends():
    done = run("plan", "missing.yaml", "--json")
    assert done.returncode == 1
    assert json.loads(done.stdout)["error"]["message"] in done.stderr.replace("\n  ", "\n")


def test_a_failure_of_the_program_itself_is_shown_with_its_traceback():
    done = run("--version", before="import reconciler.cli as c; c.app = None")
    assert done.returncode == 1
    assert "TypeError" in done.stderr


def test_a_large_plan_comes_whole_through_a_pipe_that_is_read_in_small_pieces(tmp_path, monkeypatch):
    monkeypatch.setenv("RECONCILER_STATE_DIR", str(tmp_path / "state"))
    file = tmp_path / "platform.yaml"
    further = "".join(f"  further-{number}: {{}}\n" for number in range(8))
    file.write_text(DEFAULT_FILE.read_text().replace("services:\n", f"services:\n{further}"))
    process.start()
    try:
        done = run("plan", str(file), "--sandbox", "--json", then="dd bs=64 status=none")
    finally:
        process.stop()
    assert done.returncode == 2, done.stderr
    assert len(done.stdout) > 1 << 17  # twice what a pipe holds
    assert json.loads(done.stdout)["changes"]
