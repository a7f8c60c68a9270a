"""An embedded AWS of this process, its time stepped by the engine's own rests, and the engine on it."""

import random
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from io import StringIO
from typing import Any
from unittest.mock import patch

from botocore.exceptions import ConnectionClosedError
from moto import mock_aws
from moto.core.botocore_stubber import BotocoreStubber
from moto.moto_api._internal import mock_random
from support import connection

from crash.furniture import furnished
from crash.inline import single_threaded
from crash.orders import Order, shuffled, taken
from desired_state import Platform
from reconciler.apply import Clock, apply
from reconciler.apply.events import ProgressEvent, Report
from reconciler.aws.reads import Stack, open_reads
from reconciler.blueprint import blueprint, facts
from reconciler.model.plan import Outcome, Plan
from reconciler.plan import plan, validate
from reconciler.render.progress import Story, lines
from reconciler.render.timeline import Recorder
from reconciler.resources import KINDS
from reconciler.resources.kind import read_all
from reconciler.sandbox import Clock as SandboxClock
from reconciler.sandbox import Profile, install
from reconciler.sandbox.faults import answers as faults


@dataclass(frozen=True)
class Run:
    """One command: what was planned, and how it ended."""

    todo: Plan
    outcome: Outcome

    @property
    def clean(self) -> bool:
        return not (self.todo.conflicts or self.outcome.failed or self.outcome.skipped or self.outcome.held)


@contextmanager
def cloud(profile: Profile, seed: int = 0, order: Order | None = None) -> Iterator[SandboxClock]:
    """A new account, the same one for a seed, and so is the order in which an apply takes what is due.

    Nothing sleeps: who would, lets virtual time pass.
    """
    clock = SandboxClock(speed=0)
    random.seed(seed)
    mock_random.seed(seed)
    with mock_aws(), single_threaded(), patch.object(time, "sleep", clock.advance):
        install(profile, clock=clock, seed=seed)
        with furnished(), taken(order or shuffled(seed)):
            yield clock


@contextmanager
def broken() -> Iterator[Counter[str]]:
    """Connections break as the profile has it: before the work, or after it when only its answer is lost.

    Counts these, and what AWS refuses or fails by chance.
    """
    send, refused, count = BotocoreStubber.__call__, faults._by_chance, Counter[str]()

    def around(stub: Any, event_name: str, request: Any, **kwargs: Any) -> Any:
        fault = faults.cut_by_chance(event_name.rpartition(".")[2])
        count.update([fault] if fault else [])
        response = None if fault == "reset" else send(stub, event_name, request, **kwargs)
        if fault:
            raise ConnectionClosedError(endpoint_url=request.url)
        return response

    def counted(operation: str) -> faults.Fault | None:
        fault = refused(operation)
        count.update([fault] if fault else [])
        return fault

    with patch.object(BotocoreStubber, "__call__", around), patch.object(faults, "_by_chance", counted):
        yield count


def run(platform: Platform, clock: SandboxClock, *, destroy: bool = False) -> Run:
    """`apply` or `destroy`, with consent to all of it."""
    stack = Stack(platform.stack, platform.suffix)
    with open_reads(connection(), stack) as first:
        specs = blueprint(platform, facts.read(first, platform))
        reads = first.for_specs(specs)
        todo = plan(
            KINDS,
            () if destroy else specs,
            read_all(replace(reads, destroying=destroy), KINDS),
            stack.name,
            specs,
        )
        if todo.conflicts:
            return Run(todo, Outcome())
        validate.check(todo.changes)
        time_of_it = Clock(clock.now, clock.advance)
        return Run(todo, apply(reads, KINDS, todo, workers=1, clock=time_of_it, report=_listening(clock)))


def _listening(clock: SandboxClock) -> Report:
    """All who are told of an apply: a run must not end of them either."""
    recorder, shown = Recorder(clock.now), lines(StringIO(), Story(clock.now))

    def report(event: ProgressEvent) -> None:
        recorder(event)
        shown(event)

    return report
