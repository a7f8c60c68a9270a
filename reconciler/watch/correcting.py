"""How a watch corrects: what may be is decided at the look, and the lease is held only while it is done."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from threading import Condition, Event, local

import structlog

from reconciler.apply import apply
from reconciler.aws.lease import Terms
from reconciler.drift.correction import Assessment, assess, correct_drift, rules_of_file
from reconciler.drift.correction_rules import Rules
from reconciler.errors import Stopped
from reconciler.model.correction import Corrected
from reconciler.model.drift import Difference
from reconciler.model.plan import Change, Outcome, Plan
from reconciler.resources import KINDS
from reconciler.run import Writing
from reconciler.session import Session
from reconciler.target import Target

log = structlog.get_logger()

Hold = Callable[[Difference], str]


@dataclass
class UnderWay:
    """The rounds that correct: the end of a watch waits until what they did is known, and for no others."""

    stop: Event
    _number: int = 0
    _stopped: bool = False  # one of them was under way when the stop came
    _changed: Condition = field(default_factory=Condition)
    _thread: local = field(default_factory=local)  # its `corrects`: its round has begun a correction

    @contextmanager
    def round(self) -> Iterator[None]:
        """Make a round within the block, in this thread."""
        self._thread.corrects = False
        try:
            yield
        finally:
            if self._thread.corrects:
                with self._changed:
                    self._number -= 1
                    self._stopped = self._stopped or self.stop.is_set()
                    self._changed.notify_all()

    def begin(self) -> None:
        """Begin the correction of this thread's round. Raises `Stopped` if none is to begin any more."""
        with self._changed:
            if self.stop.is_set():
                raise Stopped("stopped before it was corrected")
            self._thread.corrects = True
            self._number += 1

    def wait(self) -> bool:
        """Wait until none is under way, and return whether one was when the stop came."""
        with self._changed:
            self._changed.wait_for(lambda: self._number == 0)
            return self._stopped


@dataclass(frozen=True)
class Correcting:
    """What a watch may correct."""

    rules: Rules
    under_way: UnderWay

    def look(self, session: Session, hold: Hold) -> Assessment:
        """Look, and decide what may be corrected now. Raises `ReadFailed`."""
        rules = rules_of_file(session, replace(self.rules, hold=hold))
        return assess(session, rules, directly=False)

    def correct(self, target: Target, hold: Hold) -> Corrected:
        """Correct it. Raises `Stopped`, `ReadFailed` and `RunRefused`."""
        stop = self.under_way.stop

        def make_changes(session: Session, plan: Plan, forbids: Callable[[Change], str]) -> Outcome:
            return apply(session.reads, KINDS, plan, stop=stop, forbids=forbids)

        writing = Writing("watch --correct", Terms(stop=stop, notify=log.info))
        self.under_way.begin()
        return correct_drift(target, replace(self.rules, hold=hold), writing, make_changes, log.info)
