"""The contents of a file that may be anything: a pipe without a writer, a folder, a device, other encodings."""

import os
import select
import stat
from pathlib import Path

from desired_state.mistakes import LoadError, Mistake
from desired_state.tree import Position

MAX_FILE_BYTES = 1 << 20
PATIENCE = 10  # seconds without a byte from a pipe or a terminal


def read_text(path: Path, at: Position) -> str:
    """Return the text of a file. Raises `LoadError` if it is none, or if it comes too slowly."""
    try:
        data = _read_bytes(path)
    except OSError as error:
        raise LoadError([Mistake(at.path, 0, 0, "", (error.strerror or str(error)).lower())]) from None
    except ValueError:  # "embedded null byte"
        raise LoadError([Mistake(at.path, 0, 0, "", "is no name of a file")]) from None
    if len(data) > MAX_FILE_BYTES:
        raise LoadError([Mistake(*at, "", f"is longer than {MAX_FILE_BYTES:,} bytes; is it a platform file?")])
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = data[: error.start]
        column = error.start - before.rfind(b"\n")
        message = f"byte 0x{data[error.start]:02x} is not UTF-8; save the file as UTF-8"
        raise LoadError([Mistake(at.path, before.count(b"\n") + 1, column, "", message)]) from None


def _read_bytes(path: Path) -> bytes:
    """Return the first bytes of a file, one more than are allowed. Raises `OSError`."""
    file = os.open(path, os.O_RDONLY | os.O_NONBLOCK)  # or opening a pipe waits for somebody to write into it
    try:
        if stat.S_ISREG(os.fstat(file).st_mode):
            with open(file, "rb", closefd=False) as regular:
                return regular.read(MAX_FILE_BYTES + 1)
        return _read_stream(file)
    finally:
        os.close(file)


def _read_stream(file: int) -> bytes:
    """Return what comes until the end, or until it is too long. Raises `TimeoutError` if nothing comes."""
    data = b""
    while len(data) <= MAX_FILE_BYTES:
        if not select.select([file], [], [], PATIENCE)[0]:
            raise TimeoutError(0, f"gave nothing for {PATIENCE} seconds")
        try:
            piece = os.read(file, 1 << 16)
        except BlockingIOError:
            continue
        if not piece:
            break
        data += piece
    return data
