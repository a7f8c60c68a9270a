"""Ctrl-C and SIGTERM, taken by a thread: setting an Event inside a Python signal handler can deadlock."""

import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Event, Thread

STOPPED = 130
SIGNALS = frozenset({signal.SIGINT, signal.SIGTERM})


@dataclass
class Stop:
    """Whether to stop. The first signal sets `asked`, if there is work that has to end well; else, and the second
    time, the process ends at once.
    """

    asked: Event = field(default_factory=Event)
    gently: bool = False  # calls that change something may be in flight
    say: Callable[[str], object] = lambda _words: None
    _over: bool = False

    def take(self) -> None:
        """One signal after the other, until the work is over."""
        while True:
            signal.sigwait(SIGNALS)
            if self._over:
                return
            if not self.gently:
                self.say("stopped: nothing was changed")
                os._exit(STOPPED)  # questions in flight are given up: nothing depends on them
            if self.asked.is_set():
                self.say("stopped at once: the next run will find out what was done")
                os._exit(STOPPED)
            self.asked.set()
            self.say(
                "stopping: finishing calls in flight, starting no new ones; press Ctrl-C again to stop at once"
            )

    def end(self, thread: Thread) -> None:
        """The work is over: signals are the interpreter's again."""
        self._over = True
        if thread.ident and thread.is_alive():
            signal.pthread_kill(thread.ident, signal.SIGTERM)
        thread.join()


@contextmanager
def stoppable(say: Callable[[str], object]) -> Iterator[Stop]:
    """Take the signals, here and in all threads that begin within. Start other programs before: they inherit this."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, SIGNALS)
    stop = Stop(say=say)
    thread = Thread(target=stop.take, name="signals", daemon=True)
    thread.start()
    try:
        yield stop
    finally:
        stop.end(thread)
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
