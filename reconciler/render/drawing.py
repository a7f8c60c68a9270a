"""What can be drawn on a terminal, and a line there that says what takes long."""

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Event, Thread
from time import monotonic
from typing import TextIO

from reconciler.model.printable import printable

DRAWN_AFTER = 1.0  # seconds; what ends sooner, as most does, draws nothing
TOLD_EVERY = 10.0  # seconds, on a terminal where nothing can be erased
ERASED_WITHIN = 2.0  # seconds; what else is to be said does not wait for longer


def is_dumb() -> bool:
    """Tell whether the terminal can only be written to, line by line: rich draws nothing on such a one."""
    return os.environ.get("TERM", "").lower() in ("dumb", "unknown")


def can_draw(stream: TextIO) -> bool:
    """Tell whether the stream is a terminal on which rows can be drawn and erased."""
    return stream.isatty() and not is_dumb()


@contextmanager
def draw_status(words: Callable[[], str]) -> Iterator[Callable[[], None]]:
    """Show a line on stderr, within the block and from `DRAWN_AFTER` seconds on, if it is a terminal.

    The line is what `words` returns at each refresh. Yield a function that erases it for good: nothing may be
    written on stdout before, while lines on stderr appear above it.
    """
    if not sys.stderr.isatty():
        yield lambda: None
        return
    over = Event()
    thread = Thread(target=_tell if is_dumb() else _draw, args=(words, over), name="status", daemon=True)

    def erase() -> None:
        over.set()
        thread.join(ERASED_WITHIN)

    thread.start()
    try:
        yield erase
    finally:
        erase()


def _tell(words: Callable[[], str], over: Event) -> None:
    after = DRAWN_AFTER
    while not over.wait(after):
        sys.stderr.write(f"{printable(words())}\n")
        after = TOLD_EVERY


def _draw(words: Callable[[], str], over: Event) -> None:
    begun = monotonic()
    if over.wait(DRAWN_AFTER):
        return
    from rich.console import Console  # noqa: PLC0415  slow, and only what takes long needs it
    from rich.live import Live  # noqa: PLC0415
    from rich.spinner import Spinner  # noqa: PLC0415
    from rich.text import Text  # noqa: PLC0415

    spinner, console = Spinner("dots"), Console(stderr=True)

    def line() -> Text:
        seconds = monotonic() - begun
        turning = spinner.render(seconds)
        text = f" {seconds:.0f} s  {printable(words())}"
        return Text.assemble(str(turning), text, style="dim", no_wrap=True, overflow="ellipsis")

    with Live(get_renderable=line, console=console, transient=True, redirect_stdout=False):
        over.wait()
