"""The command line as a process of its own, on an embedded AWS in another one that belongs to it alone."""

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

from crash.inventory import inventory
from crash.tap import tapped
from reconciler.aws.client import connect
from reconciler.sandbox import process
from reconciler.sandbox.profile import REAL

SPEED = 60.0  # of the embedded AWS: a minute there is a second here
SETTLED = 3600.0  # virtual seconds after which nothing is under way
PATIENCE = 120  # seconds for a command
ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Ended:
    """How a command ended. Moments in monotonic seconds."""

    code: int
    told: str  # on stdout and stderr
    lasted: float  # seconds from the first write to the end; 0 if it wrote nothing
    sent: float  # when it sent something for the last time
    signalled: float | None = None


@contextmanager
def embedded_aws() -> Iterator[None]:
    """This process's own, in which things take their time."""
    with tempfile.TemporaryDirectory(prefix="crash-") as state:
        os.environ["RECONCILER_STATE_DIR"] = state
        process.start(REAL.name, SPEED)
        try:
            yield
        finally:
            process.stop()


def command(*words: str, number: int | None = None, after: float = 0) -> Ended:
    """Run a command; with a signal's number, send that so many seconds after the first write."""
    with (
        tempfile.TemporaryFile("w+") as out,
        tapped() as tap,
        _begun(words, out.fileno(), tap.state) as running,
    ):
        signalled = None
        if number is not None:
            while running.poll() is None and not tap.writes.wait(0.01):
                continue
            time.sleep(after)
            signalled = time.monotonic()
            running.send_signal(number)
        running.wait(PATIENCE)
        lasted = time.monotonic() - tap.since if tap.since else 0
        out.seek(0)
        return Ended(running.returncode, out.read(), lasted, max(tap.sent), signalled)


@contextmanager
def _begun(words: tuple[str, ...], out: int, state: str) -> Iterator[subprocess.Popen[str]]:
    environment = {k: v for k, v in os.environ.items() if not k.startswith("AWS_")}
    environment |= {"PYTHONPATH": str(ROOT), "RECONCILER_STATE_DIR": state}
    line = [sys.executable, "-m", "reconciler", *words, "--env", "crash", "--sandbox", "--yes"]
    running = subprocess.Popen(line, cwd=ROOT, env=environment, stdout=out, stderr=subprocess.STDOUT, text=True)
    try:
        yield running
    finally:
        if running.poll() is None:
            running.kill()
            running.wait()


def holds() -> Counter[str]:
    """What the embedded AWS has, when all that was under way has ended."""
    process.advance(SETTLED)
    return inventory(connect("us-east-1", process.status().endpoint).client)
