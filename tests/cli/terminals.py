"""Commands of this process on a terminal of their own."""

import os
import pty
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from io import StringIO

import pytest

from reconciler.cli import main

MODES = {"stdin": "r", "stdout": "w", "stderr": "w"}


def run_on_terminal(*words: str, typed: bytes = b"", streams: tuple[str, ...] = (*MODES,)) -> tuple[int, str]:
    """Run a command with these streams on a terminal; return its exit code and what the terminal has shown."""
    ours, its = pty.openpty()
    os.write(ours, typed)
    with ThreadPoolExecutor() as pool:
        shown = pool.submit(_read_all, ours)
        with ExitStack() as stack:
            patch = stack.enter_context(pytest.MonkeyPatch.context())
            patch.setenv("TERM", "xterm")
            for name in streams:
                stream = os.fdopen(os.dup(its), MODES[name], encoding="utf-8")
                patch.setattr(f"sys.{name}", stack.enter_context(stream))
            stack.callback(os.close, its)
            code = main(words)
    os.close(ours)
    return code, shown.result()


def _read_all(terminal: int) -> str:
    read = b""
    try:
        while data := os.read(terminal, 1 << 16):
            read += data
    except OSError:  # nobody has it open any more
        pass
    return read.decode(errors="replace").replace("\r\n", "\n")


class _Terminal(StringIO):
    def isatty(self) -> bool:
        return True


def put_terminal(monkeypatch: pytest.MonkeyPatch, kind: str = "xterm") -> StringIO:
    """Put a terminal in the place of stderr. A fixture could not: pytest puts its own there before a test."""
    monkeypatch.setenv("TERM", kind)
    monkeypatch.setattr(sys, "stderr", shown := _Terminal())
    return shown
