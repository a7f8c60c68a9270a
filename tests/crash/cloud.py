"""The engine on an embedded AWS in this process, in virtual time that advances when the engine sleeps."""

import random
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import StringIO
from typing import Any
from unittest.mock import patch

from botocore.exceptions import ConnectionClosedError
from moto import mock_aws
from moto.core.botocore_stubber import BotocoreStubber
from moto.moto_api._internal import mock_random
from support import connection

from crash.holding import hold
from crash.inline import disable_threads
from crash.orders import Order, shuffle, take_due_in_order
from crash.prerequisites import provide_prerequisites
from desired_state import Platform
from reconciler import __version__
from reconciler.apply import apply
from reconciler.apply.events import ProgressEvent, Report
from reconciler.aws.clock import Clock
from reconciler.aws.reads import Stack, open_reads
from reconciler.blueprint import blueprint, facts
from reconciler.blueprint.priorities import give_priorities
from reconciler.drift import find_drift
from reconciler.drift.correction import attempt
from reconciler.drift.correction_rules import Rules
from reconciler.model.drift import DriftReport
from reconciler.model.lease import Applied
from reconciler.model.plan import Change, Outcome, Plan
from reconciler.plan import validate
from reconciler.render.history import History
from reconciler.render.progress import report_in_lines
from reconciler.render.timeline import Recorder
from reconciler.resources import KINDS
from reconciler.sandbox import Clock as SandboxClock
from reconciler.sandbox import Profile, install
from reconciler.sandbox.faults import answers as faults
from reconciler.session import Session

UNDISTURBED = 3600.0  # virtual seconds after which no rollout is under way, which a correction leaves alone


@dataclass(frozen=True)
class Run:
    """The plan of one command and its outcome."""

    todo: Plan
    outcome: Outcome

    @property
    def clean(self) -> bool:
        return not (self.todo.conflicts or self.outcome.failed or self.outcome.skipped or self.outcome.held)


@contextmanager
def cloud(profile: Profile, seed: int = 0, order: Order | None = None) -> Iterator[SandboxClock]:
    """Yield the clock of a new account; the seed determines its faults and the order of an apply's due changes.

    Nothing sleeps: a sleep advances virtual time.
    """
    clock = SandboxClock(speed=0)
    random.seed(seed)
    mock_random.seed(seed)
    with mock_aws(), disable_threads(), patch.object(time, "sleep", clock.advance):
        install(profile, clock=clock, seed=seed)
        with provide_prerequisites(), take_due_in_order(order or shuffle(seed)):
            yield clock


@contextmanager
def break_connections() -> Iterator[Counter[str]]:
    """Break connections as the profile says: before the call, or after it, so that only its answer is lost.

    Yield the count of these and of calls that AWS refuses or fails at random.
    """
    send, fail_by_chance, count = BotocoreStubber.__call__, faults._by_chance, Counter[str]()

    def around(stub: Any, event_name: str, request: Any, **kwargs: Any) -> Any:
        fault = faults.cut_by_chance(event_name.rpartition(".")[2])
        count.update([fault] if fault else [])
        response = None if fault == "reset" else send(stub, event_name, request, **kwargs)
        if fault:
            raise ConnectionClosedError(endpoint_url=request.url)
        return response

    def count_failure(operation: str) -> faults.Fault | None:
        fault = fail_by_chance(operation)
        count.update([fault] if fault else [])
        return fault

    with patch.object(BotocoreStubber, "__call__", around), patch.object(faults, "_by_chance", count_failure):
        yield count


def run(
    platform: Platform,
    clock: SandboxClock,
    *,
    destroy: bool = False,
    correct: bool = False,
    notify: Callable[[str], object] = lambda _words: None,
) -> Run:
    """Run `apply`, `destroy` or `drift --correct`, with consent to everything.

    `notify` is told why its plan takes long.
    """
    stack = Stack(platform.stack, platform.suffix)
    command = "destroy" if destroy else "drift --correct" if correct else "apply"
    clock.advance(UNDISTURBED if correct else 0)
    with (
        hold(connection(), stack.name, command, clock) as (virtual_time, lease),
        open_reads(connection(), stack) as first,
    ):
        found = facts.read_facts(first, platform, existing_needed=not destroy)
        specs = give_priorities(first, blueprint(platform, found))
        reads, date = first.for_specs(specs), lambda: clock.date(clock.now())
        session = Session(platform, found, specs, reads, lease, notify, virtual_time, date)
        if correct:
            return _correct(session, clock, virtual_time)
        todo = session.plan(destroy=destroy)
        if todo.conflicts:
            return Run(todo, Outcome())
        validate.check(todo.changes)
        report = _report_to_all(clock)
        ended = Run(todo, apply(reads, KINDS, todo, workers=1, clock=virtual_time, report=report))
        if ended.clean and not destroy:
            lease.applied = Applied(platform.digest, date().isoformat(), "arn", __version__)
        return ended


def drift_of(
    wanted: Platform,
    clock: SandboxClock,
    notify: Callable[[str], object] = lambda _words: None,
    *,
    directly: bool = True,
) -> DriftReport:
    """Look for drift, and change nothing. `notify` is told why it takes long."""
    stack = Stack(wanted.stack, wanted.suffix)
    with open_reads(connection(), stack) as first:
        found = facts.read_facts(first, wanted)
        specs = give_priorities(first, blueprint(wanted, found))
        virtual_time = Clock(clock.now, clock.advance)
        reads, date = first.for_specs(specs), lambda: clock.date(clock.now())
        session = Session(wanted, found, specs, reads, None, notify, virtual_time, date)
        return find_drift(session, directly=directly)


def _correct(session: Session, clock: SandboxClock, virtual_time: Clock) -> Run:
    """Correct what differs, and return what was done. What the file had at the last apply must be known."""
    found = list[Run]()

    def make_changes(session: Session, todo: Plan, forbids: Callable[[Change], str]) -> Outcome:
        report = _report_to_all(clock)
        outcome = apply(
            session.reads, KINDS, todo, workers=1, clock=virtual_time, report=report, forbids=forbids
        )
        found.append(Run(todo, outcome))
        return outcome

    made = attempt(session, Rules(delete=True, replace=True, restart=True), make_changes)
    if made.assessed.decision is None:
        raise AssertionError(made.assessed.report.obstacle)
    return found[0] if found else Run(made.assessed.decision.plan, Outcome())


def _report_to_all(clock: SandboxClock) -> Report:
    """Return a report to all listeners of an apply, since they must not end a run either."""
    recorder, shown = Recorder(clock.now), report_in_lines(StringIO(), History(clock.now))

    def report(event: ProgressEvent) -> None:
        recorder(event)
        shown(event)

    return report
