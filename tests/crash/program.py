"""Running the command line in a process of its own, on an embedded AWS in another process."""

import os
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from crash.inventory import take_inventory
from crash.tap import open_tap
from reconciler.aws.client import connect
from reconciler.sandbox import process
from reconciler.sandbox.profile import REAL

SPEED = 60.0  # of time in the embedded AWS: a minute there is a second here
SETTLE_TIME = 3600.0  # virtual seconds after which nothing is in progress
COMMAND_TIMEOUT = 120  # seconds
ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Finished:
    """A command that has ended. Moments are monotonic seconds."""

    code: int
    output: str  # stdout and stderr
    duration: float  # seconds from the first write to the end; 0 if it wrote nothing
    last_sent: float  # when it sent data to AWS for the last time
    signalled: float | None = None


@contextmanager
def embedded_aws() -> Iterator[None]:
    """Run an embedded AWS for this process, with realistic durations."""
    with tempfile.TemporaryDirectory(prefix="crash-") as state:
        os.environ["RECONCILER_STATE_DIR"] = state
        process.start(REAL.name, SPEED)
        try:
            yield
        finally:
            process.stop()


def run_command(*words: str, number: int | None = None, after: float = 0) -> Finished:
    """Run a command; if a signal number is given, send that signal `after` seconds after the first write."""
    with (
        tempfile.TemporaryFile("w+") as out,
        open_tap() as tap,
        _start(words, out.fileno(), tap.state_dir) as running,
    ):
        signalled = None
        if number is not None:
            while running.poll() is None and not tap.has_written.wait(0.01):
                continue
            time.sleep(after)
            signalled = time.monotonic()
            running.send_signal(number)
        running.wait(COMMAND_TIMEOUT)
        duration = time.monotonic() - tap.writes[0] if tap.writes else 0
        out.seek(0)
        return Finished(running.returncode, out.read(), duration, max(tap.sent), signalled)


@contextmanager
def _start(words: tuple[str, ...], out: int, state: str) -> Iterator[subprocess.Popen[str]]:
    environment = {k: v for k, v in os.environ.items() if not k.startswith("AWS_")}
    environment |= {"PYTHONPATH": f"{ROOT}:{ROOT / 'tests'}", "RECONCILER_STATE_DIR": state}
    line = [sys.executable, "-m", "crash.fast_lease", *words, "--env", "crash", "--sandbox", "--yes"]
    running = subprocess.Popen(line, cwd=ROOT, env=environment, stdout=out, stderr=subprocess.STDOUT, text=True)
    try:
        yield running
    finally:
        if running.poll() is None:
            running.kill()
            running.wait()


def read_settled_inventory() -> Counter[str]:
    """Let everything in progress end, and take the inventory of the embedded AWS."""
    process.advance(SETTLE_TIME)
    return take_inventory(connect("us-east-1", process.status().endpoint).client)
