"""Standard streams that cannot end a run by being closed, full, or without a reader."""

import errno
import os
import select
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, redirect_stderr, redirect_stdout
from io import BufferedWriter, FileIO, TextIOWrapper
from typing import TYPE_CHECKING, TextIO

from reconciler.cli.terminal import print_message

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer

STDIN, STDOUT, STDERR = 0, 1, 2


class FailsafeFile(FileIO):
    """A file for writing that raises no `OSError`: from the first one on, it drops everything."""

    failure: OSError | None = None

    def write(self, data: "ReadableBuffer", /) -> int:
        """Write some of the data; return the number of bytes written or dropped."""
        if self.failure is None:
            try:
                while (written := super().write(data)) is None:  # a pipe that does not block is full
                    select.select([], [self], [])
            except OSError as error:
                self.failure = error
            else:
                return written
        return memoryview(data).nbytes


@contextmanager
def failsafe_streams() -> Iterator[None]:
    """Replace the process's own stdout and stderr, within the block, by streams to which writing never fails.

    They are replaced below all buffers, so that typer, rich, structlog and `print` all write to them.
    """
    _open_closed_descriptors()
    stdout, stderr = FailsafeFile(STDOUT, "w", closefd=False), FailsafeFile(STDERR, "w", closefd=False)
    with ExitStack() as stack:
        if sys.stdout is sys.__stdout__:
            stack.enter_context(redirect_stdout(_text_stream(stdout, sys.stdout)))
        if sys.stderr is sys.__stderr__:
            stack.enter_context(redirect_stderr(_text_stream(stderr, sys.stderr)))
        yield
        sys.stdout.flush()
        sys.stderr.flush()
        if stdout.failure and stdout.failure.errno != errno.EPIPE:  # which says that a reader had enough
            print_message(f"stdout is incomplete: {stdout.failure.strerror}")


def _text_stream(file: FailsafeFile, instead_of: TextIO | None) -> TextIO:
    """Return a line-buffered text stream. Characters that the encoding lacks, such as ✓, become `?`."""
    encoding = instead_of.encoding if instead_of else "utf-8"  # None: the process was started without
    return TextIOWrapper(BufferedWriter(file), encoding, errors="replace", line_buffering=True)


def _open_closed_descriptors() -> None:
    """Open /dev/null for each closed standard stream: a socket would get its number, and the output with it."""
    for descriptor in (STDIN, STDOUT, STDERR):
        try:
            os.fstat(descriptor)
        except OSError:
            os.set_inheritable(os.open(os.devnull, os.O_RDWR), True)  # it gets the lowest number that is free
