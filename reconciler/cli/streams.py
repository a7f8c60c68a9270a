"""Standard streams that never decide over a run: one may be closed, full, or no longer read by anybody."""

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
    """A file to write to that drops everything from its first `OSError` on, and raises none."""

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
    """Replace the process's own stdout and stderr, within, by streams to which writing never fails.

    It is done below all buffers, so that it holds for whoever writes: typer, rich, structlog, `print`.
    """
    _open_closed_descriptors()
    stdout, stderr = FailsafeFile(STDOUT, "w", closefd=False), FailsafeFile(STDERR, "w", closefd=False)
    with ExitStack() as stack:
        if sys.stdout is sys.__stdout__:
            stack.enter_context(redirect_stdout(_text_stream(stdout, sys.stdout)))
        if sys.stderr is sys.__stderr__:
            stack.enter_context(redirect_stderr(_text_stream(stderr, sys.stderr)))
        yield
        if stdout.failure and stdout.failure.errno != errno.EPIPE:  # which says that a reader had enough
            print_message(f"stdout is incomplete: {stdout.failure.strerror}")


def _text_stream(file: FailsafeFile, instead_of: TextIO | None) -> TextIO:
    """Return a text stream that hands each line on at once. What the encoding lacks, such as ✓, becomes `?`."""
    encoding = instead_of.encoding if instead_of else "utf-8"  # None: the process was started without
    return TextIOWrapper(BufferedWriter(file), encoding, errors="replace", line_buffering=True)


def _open_closed_descriptors() -> None:
    """Open /dev/null for each standard stream that is closed: a socket would get its number, and what is printed."""
    for descriptor in (STDIN, STDOUT, STDERR):
        try:
            os.fstat(descriptor)
        except OSError:
            os.set_inheritable(os.open(os.devnull, os.O_RDWR), True)  # it gets the lowest number that is free
