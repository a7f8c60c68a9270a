"""How long AWS has answered nothing at all: after a while that is told, and then no question is asked again."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Event, Thread
from time import monotonic
from typing import Any

import structlog

FIRST_ANSWER_WITHIN = 20.0  # seconds; a network that lets nothing through is noticed at the first question
ANSWERS_WITHIN = 600.0  # seconds without any answer that end a run
TOLD_AFTER, TOLD_AT_LEAST_EVERY = 5.0, 40.0  # seconds; each time after twice as many

log = structlog.get_logger()


@dataclass
class Silence:
    """The time since the first request that AWS has not answered. Threads may share it."""

    now: Callable[[], float] = monotonic
    first_answer_within: float = FIRST_ANSWER_WITHIN
    answers_within: float = ANSWERS_WITHIN
    asked: str = field(default="", init=False)  # that request, such as `ec2.DescribeVpcs`
    _since: float | None = field(default=None, init=False)
    _has_answered: bool = field(default=False, init=False)

    def begin(self, event_name: str, **_: Any) -> None:
        """Record that a request is sent, given botocore's `before-send.ec2.DescribeVpcs`."""
        if self._since is None:
            self.asked, self._since = event_name.partition(".")[2], self.now()

    def end(self) -> None:
        """Record that AWS has answered a request."""
        self._since, self._has_answered = None, True

    @property
    def seconds(self) -> float:
        """The number of seconds so far; 0 if AWS has answered since a request was sent."""
        since = self._since
        return 0 if since is None else self.now() - since

    def give_up(self, **_: Any) -> bool | None:
        """Return False, for no further try, if AWS is silent for too long; else None: botocore decides."""
        limit = self.answers_within if self._has_answered else self.first_answer_within
        return False if self.seconds >= limit else None

    def tell(self) -> bool:
        """Log what is waited for, and return True, if AWS is silent."""
        if is_silent := self.seconds >= TOLD_AFTER:
            log.warning("AWS does not answer", operation=self.asked, seconds=round(self.seconds))
        return is_silent

    @contextmanager
    def told(self) -> Iterator[None]:
        """Tell of it from time to time while the body runs."""
        over = Event()

        def watch() -> None:
            pause = TOLD_AFTER
            while not over.wait(pause):
                pause = min(pause * 2, TOLD_AT_LEAST_EVERY) if self.tell() else TOLD_AFTER

        Thread(target=watch, name="silence", daemon=True).start()
        try:
            yield
        finally:
            over.set()
