"""Signals that stop a run. A thread waits for them: setting an Event in a signal handler can deadlock."""

import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from threading import Event, Thread

from reconciler.cli.collector import start_collecting
from reconciler.cli.exit_codes import ExitCode

NOTHING_CHANGED = "stopped: nothing was changed"
STOPPING = "stopping: finishing calls in flight, starting no new ones; press Ctrl-C again to stop at once"
STOPPED_AT_ONCE = "stopped at once: the next run will find out what was done"
END_TAKES = 3.0  # seconds at most, for what is done before a run ends at once


@dataclass
class Stop:
    """The stop of a run, which signals request."""

    print_message: Callable[[str], object]
    changing: bool = False  # calls that change something in AWS may have been made
    requested: Event = field(default_factory=Event)
    before_end: Callable[[], object] | None = None  # done before a run that changed nothing ends at once

    def request(self) -> None:
        """Ask the run to stop. A run that changes nothing, or is asked a second time, ends at once."""
        if self.changing and not self.requested.is_set():
            self.requested.set()
            self._print(STOPPING)
        else:  # reads in flight are given up: nothing depends on them
            self._print(STOPPED_AT_ONCE if self.changing else NOTHING_CHANGED)
            self._prepare_end()
            os._exit(ExitCode.STOPPED)

    def _prepare_end(self) -> None:
        """Give the lease back, unless calls are in flight: then the next run waits until they have ended."""
        if self.before_end and not self.changing:
            thread = Thread(target=self.before_end, daemon=True)
            thread.start()
            thread.join(END_TAKES)

    def _print(self, message: str) -> None:
        with suppress(Exception):  # the thread must live on to take the next signal
            self.print_message(message)


@contextmanager
def stoppable(print_message: Callable[[str], object]) -> Iterator[Stop]:
    """Handle the signals that stop a run, in this thread and in all threads started within the block.

    Start other programs before it: they would inherit the blocked signals. With it a run begins, and may be
    a long one: from here on garbage is collected.
    """
    start_collecting()
    stop, ended, signals = Stop(print_message), Event(), _stop_signals()
    before = signal.pthread_sigmask(signal.SIG_BLOCK, signals)
    thread = Thread(target=_take_signals, args=(signals, stop, ended), name="signals", daemon=True)
    thread.start()
    try:
        yield stop
    finally:
        ended.set()
        if thread.ident and thread.is_alive():  # pragma: no branch  another signal may have ended it just now
            signal.pthread_kill(thread.ident, signal.SIGTERM)
        thread.join()
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _stop_signals() -> frozenset[signal.Signals]:
    """Return the signals to handle. SIGHUP is left out if it was ignored from the start, as under nohup."""
    hang_up = () if signal.getsignal(signal.SIGHUP) is signal.SIG_IGN else (signal.SIGHUP,)
    return frozenset((signal.SIGINT, signal.SIGTERM, *hang_up))


def _take_signals(signals: frozenset[signal.Signals], stop: Stop, ended: Event) -> None:
    """Handle signals until the run has ended; `stoppable` sends a last one then."""
    while True:
        signal.sigwait(signals)
        if ended.is_set():
            return
        stop.request()
