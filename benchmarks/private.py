"""A private embedded AWS for the benchmarks, and what a command takes of the machine."""

import os
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

ON_DEV = ("--env", "dev123", "--sandbox")


@contextmanager
def private_aws() -> Iterator[str]:
    """Run an embedded AWS for this block alone, and yield its endpoint."""
    from reconciler.sandbox import process  # noqa: PLC0415

    with tempfile.TemporaryDirectory() as state:
        os.environ["RECONCILER_STATE_DIR"] = state
        endpoint = process.start().endpoint
        try:
            yield str(endpoint)
        finally:
            process.stop()


def run_used(words: Sequence[str]) -> dict[str, float]:
    """Run a program to its very end; return its `wall` and `cpu` (user and system) in seconds, and `mib`."""
    with tempfile.TemporaryFile("w+") as output:
        began = time.monotonic()
        child = subprocess.Popen(words, stdout=output, stderr=output)
        _, status, used = os.wait4(child.pid, 0)
        wall = time.monotonic() - began
        child.returncode = os.waitstatus_to_exitcode(status)
        if child.returncode not in (0, 2):
            output.seek(0)
            raise SystemExit(output.read())
    # ru_maxrss is in KiB on Linux
    return {"wall": wall, "cpu": used.ru_utime + used.ru_stime, "mib": used.ru_maxrss / 1024}
