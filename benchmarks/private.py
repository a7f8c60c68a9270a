"""A private embedded AWS for the benchmarks, and what a command takes of the machine."""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

ON_DEV = ("--env", "dev123", "--sandbox")

sys.path.insert(0, str(Path(__file__).parents[1]))  # the engine of this folder, not an installed one


@contextmanager
def private_aws(profile: str = "calm") -> Iterator[str]:
    """Run an embedded AWS of this profile for this block alone, and yield its endpoint.

    Its clock is the real one: AWS's rates and durations pass as fast as they do on AWS. Programs that run
    within the block have their bytecode, as installed ones do: the first of them writes it.
    """
    from reconciler.sandbox import process  # noqa: PLC0415

    with tempfile.TemporaryDirectory() as state, tempfile.TemporaryDirectory() as bytecode:
        os.environ["RECONCILER_STATE_DIR"] = state
        os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
        os.environ["PYTHONPYCACHEPREFIX"] = bytecode
        endpoint = process.start(profile).endpoint
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
