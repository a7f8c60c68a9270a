"""The loop that begins rounds when they are due, wakes stacks, and ends at once when it is asked to."""

import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from queue import Empty, SimpleQueue
from threading import Event, Thread

import structlog

from reconciler.watch.schedule import Pace, Schedule

log = structlog.get_logger()

ROUNDS_AT_ONCE = 4  # of different stacks
TURN = 5.0  # seconds between two turns of the loop at most, in which it also looks for changed files

DoRound = Callable[[str, str], int]
"""Make a round of a stack, woken for a reason or, if that is empty, as it is due. Returns how many rounds
in a row have failed by now, and raises nothing."""


@dataclass
class Loop:
    """The rounds of some stacks."""

    paces: Mapping[str, Pace]  # by stack
    do_round: DoRound
    stop: Event
    turned: Callable[[], object] = lambda: None  # is told of each turn
    find_changed: Callable[[], Mapping[str, str]] = dict  # stacks to wake, and why
    planned: Callable[[str, float], object] = lambda _stack, _seconds: None
    """Is told in how many seconds the next round of a stack begins."""
    now: Callable[[], float] = time.monotonic
    _schedule: Schedule = field(default_factory=Schedule)
    _messages: SimpleQueue[Callable[[], object] | None] = field(default_factory=SimpleQueue)

    def wake(self, stack: str, why: str) -> None:
        """Begin a round of a stack soon. Any thread may call it."""
        self._messages.put(lambda: self._schedule.wake(stack, why, self.now()))

    def run(self, until: Callable[[], bool] = lambda: False) -> None:
        """Make rounds until `stop` is set, or until a condition holds. Rounds under way are not waited for."""
        begun = self.now()
        for number, (stack, pace) in enumerate(self.paces.items()):
            self._schedule.add(stack, begun + pace.first(number, len(self.paces)))
        Thread(target=self._tell_of_stop, name="stop", daemon=True).start()
        pool = ThreadPoolExecutor(ROUNDS_AT_ONCE, "round")
        while not self.stop.is_set() and not until():
            self._turn(pool)
        pool.shutdown(wait=False, cancel_futures=True)

    def _tell_of_stop(self) -> None:
        self.stop.wait()
        self._messages.put(None)

    def _turn(self, pool: ThreadPoolExecutor) -> None:
        self.turned()
        for stack, why in self.find_changed().items():
            self._schedule.wake(stack, why, self.now())
        free = ROUNDS_AT_ONCE - len(self._schedule.running)
        for stack, why in self._schedule.begin(self.now(), free).items():
            pool.submit(self._round, stack, why)
        self._take_messages()

    def _take_messages(self) -> None:
        """Wait until something happens or the next round is due, and take in what has happened."""
        due, full = self._schedule.next_due(), len(self._schedule.running) >= ROUNDS_AT_ONCE
        rest = TURN if due is None or full else min(TURN, due - self.now())
        try:
            message = self._messages.get(timeout=max(0.0, rest))
            while message:
                message()
                message = self._messages.get_nowait()
        except Empty:
            return

    def _round(self, stack: str, why: str) -> None:
        failures = 1
        try:
            failures = self.do_round(stack, why)
        except Exception:
            log.exception("round failed", stack=stack)
        finally:
            self._messages.put(partial(self._end, stack, failures))

    def _end(self, stack: str, failures: int) -> None:
        seconds = self.paces[stack].rest(failures)
        self._schedule.end(stack, self.now() + seconds)
        self.planned(stack, seconds)
