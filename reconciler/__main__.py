"""The program: one run, in a process that ends with it."""

import atexit
import gc
import os
import sys
from contextlib import suppress
from typing import NoReturn


def run_program() -> NoReturn:
    """Run the command line of this process, and end the process with its exit code.

    Decision 0016 says what is saved by a start without the garbage collector and an end without tear-down.
    """
    gc.disable()  # until `start_collecting`
    from reconciler.cli import main  # noqa: PLC0415 - imported without the collector

    _end(main())


def _end(code: int) -> NoReturn:
    """End the process. What `atexit` has (coverage's data, logs) is done; threads are not waited for."""
    atexit._run_exitfuncs()  # noqa: SLF001 - as multiprocessing does: all else that runs them tears down too
    for stream in (sys.stdout, sys.stderr):  # pragma: no cover  coverage has ended by now
        with suppress(OSError, ValueError, AttributeError):  # full, closed, or None
            stream.flush()
    os._exit(code)  # pragma: no cover


if __name__ == "__main__":
    run_program()
