"""Runs that race for one lease, in simulated time and in random order: never do two of them write at once.

Each run is a thread, of which one at a time goes on. Requests and answers take time and get lost; runs die,
sleep for longer than their lease, and have it broken.
"""

import random
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from heapq import heappop, heappush
from itertools import count, pairwise
from threading import Semaphore, Thread
from typing import Any

import pytest
from botocore.exceptions import ConnectionClosedError
from support import client

from reconciler.aws.client import WRITE_TAKES, Aws
from reconciler.aws.clock import Clock
from reconciler.aws.lease import Lease, Terms, hold_lease, item
from reconciler.aws.lease.administration import Leases
from reconciler.aws.lease.process import this_process
from reconciler.errors import LeaseLost, RunRefused, Stopped

STACK = "shop/dev/us-east-1"
RUNS, WRITES = 4, 6
PAUSES = (0, 5, 14, 24, 39, 44, 55, 100)  # seconds; at times a run sleeps for longer than its lease lasts
LOST = 0.1  # of the requests, and of the answers


@dataclass
class Race:
    """Simulated time, and what was written in it: who, from when, until when."""

    chance: random.Random
    seconds: float = 0
    written: list[tuple[str, float, float]] = field(default_factory=list)
    _queue: list[tuple[float, float, int, Semaphore]] = field(default_factory=list)
    _turn: Semaphore = field(default_factory=lambda: Semaphore(0))
    _number: Any = field(default_factory=count)

    @property
    def clock(self) -> Clock:
        return Clock(lambda: self.seconds, self.pause)

    def pause(self, seconds: float) -> None:
        """Let others go on, for this long."""
        mine = Semaphore(0)
        heappush(self._queue, (self.seconds + seconds, self.chance.random(), next(self._number), mine))
        self._turn.release()
        mine.acquire()

    def run(self, *runs: Callable[[], object]) -> None:
        for run in runs:
            Thread(target=self._begin, args=(run,), daemon=True).start()
            self._turn.acquire()
        while self._queue:
            self.seconds, _, _, semaphore = heappop(self._queue)
            semaphore.release()
            self._turn.acquire()

    def _begin(self, run: Callable[[], object]) -> None:
        self.pause(self.chance.uniform(0, 30))
        try:
            run()
        finally:
            self._turn.release()


def write(race: Race, name: str) -> None:
    """Hold the lease and write, as a run does, unless it dies."""
    aws = Aws(None, _clients={("dynamodb", False, None, ""): client("dynamodb")})  # type: ignore[arg-type]
    with hold_lease(aws, STACK, this_process(name, "arn"), Terms(1e6, clock=race.clock)) as lease:
        for _ in range(WRITES):
            if race.chance.random() < 0.02:
                lease.holder = replace(lease.holder, run="dead, and gives nothing back")
                return
            if not write_once(race, name, lease):
                return
            race.pause(race.chance.choice(PAUSES))


def write_once(race: Race, name: str, lease: Lease) -> bool:
    """Write as soon as the lease allows it; tell whether it ever did."""
    while True:
        try:
            lease.require(WRITE_TAKES)
        except Stopped:
            race.pause(1)
            lease.keep()
            continue
        except LeaseLost:
            return False
        begun = race.seconds
        race.pause(race.chance.uniform(WRITE_TAKES / 2, WRITE_TAKES))
        race.written.append((name, begun, race.seconds))
        lease.keep()
        return True


def break_once(race: Race) -> None:
    """Break the lease of whoever has it after a while, as a person would."""
    race.pause(race.chance.uniform(0, 200))
    leases = Leases(client("dynamodb"), STACK, "arn", race.clock)
    if (holder := leases.read().holder) and not leases.read().broken:
        try:
            leases.take_from(holder)
        except RunRefused:
            return


@pytest.mark.parametrize("seed", range(10))
def test_never_do_two_runs_write_at_once(aws, monkeypatch, seed):
    race = Race(random.Random(seed))  # noqa: S311 - chance must repeat
    update = item._update

    def with_delays(*args: Any) -> Any:
        race.pause(race.chance.uniform(0, 2))
        if race.chance.random() < LOST:
            raise ConnectionClosedError(endpoint_url="lost before")
        found = update(*args)
        race.pause(race.chance.uniform(0, 2))
        if race.chance.random() < LOST:
            raise ConnectionClosedError(endpoint_url="lost after")
        return found

    monkeypatch.setattr(item, "_update", with_delays)
    names = [f"run {number}" for number in range(RUNS)]
    race.run(*((lambda name=name: write(race, name)) for name in names), lambda: break_once(race))
    assert len({name for name, _, _ in race.written}) > 1
    for (name, _, end), (next_name, begun, _) in pairwise(sorted(race.written, key=lambda w: w[1])):
        assert name == next_name or end <= begun
