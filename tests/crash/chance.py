"""Random changes of random platforms while AWS fails at random: the harsh profile, until all is as it should be."""

import json
import os
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass, replace

import hypothesis
from hypothesis import HealthCheck, Phase, given, settings
from support import client

from crash.cloud import broken, cloud, run
from crash.inventory import compared, inventory
from crash.results import Result
from crash.scenarios import SETTLED, Scenario, said_of, to_do, undisturbed
from crash.strategies import CHANGES, Change, platform
from desired_state import Platform
from reconciler.errors import ReadFailed
from reconciler.model.plan import Op
from reconciler.sandbox import HARSH, Clock

RUNS = 6  # of a command, the last of which must find nothing to do


@dataclass(frozen=True)
class Stood:
    """How a platform stood it."""

    faults: int
    runs: int
    said: str  # what was not as it should be


def platforms(count: int, seed: int) -> Iterator[Result]:
    """So many, in as many processes as there are cores; the same ones for a seed."""
    workers = min(os.cpu_count() or 1, count)
    counts = [len(range(n, count, workers)) for n in range(workers)]
    with ProcessPoolExecutor(workers) as pool:
        found = [f for part in pool.map(_changes, counts, range(seed, seed + workers)) for f in part]
    faults, runs, failures = (
        sum(f.faults for f in found),
        sum(f.runs for f in found),
        [f.said for f in found if f.said],
    )
    name = f"random platforms, seeds {seed} to {seed + workers - 1}"
    yield Result(name, faults, faults, runs, len(found), tuple(failures))


def _changes(count: int, seed: int) -> list[Stood]:
    found = []

    # No shrinking: what went wrong is told whole, and the others are tried all the same.
    @hypothesis.seed(seed)
    @settings(
        max_examples=count,
        phases=[Phase.generate],
        database=None,
        deadline=None,
        suppress_health_check=[*HealthCheck],
    )
    @given(CHANGES)
    def tried(change: Change) -> None:
        stood = _one(change)
        said = f"{json.dumps(asdict(change))}\n      {stood.said}"
        found.append(replace(stood, said=said) if stood.said else stood)

    tried()
    return found


def _one(change: Change) -> Stood:
    first, second = platform(change.first), platform(change.second)
    try:
        expected = undisturbed(Scenario("", first, second))
    except AssertionError as e:
        return Stood(0, 2, f"undisturbed: {e}")
    with cloud(HARSH, change.seed) as clock, broken() as faults:
        nothing, runs, said = inventory(client), 0, ""
        asked = ((first, False, None), (second, False, expected.things), (second, True, nothing))
        for wanted, destroy, then in asked:
            more, said = _converged(wanted, clock, destroy=destroy)
            runs += more
            if not said and then is not None:
                clock.advance(SETTLED)
                said = compared(inventory(client), then)
            if said:
                return Stood(faults.total(), runs, f"{'destroy' if destroy else 'apply'}: {said}")
        return Stood(faults.total(), runs, "")


def _converged(wanted: Platform, clock: Clock, *, destroy: bool) -> tuple[int, str]:
    """How many runs it took, and what the last one said if they did not suffice."""
    said, clean = "", False
    for number in range(1, RUNS + 1):
        try:
            ended = run(wanted, clock, destroy=destroy)
        except ReadFailed as e:
            said = str(e)
            continue
        double = [str(c.address) for c in ended.todo.changes if clean and not destroy and c.op is Op.DELETE]
        if double:
            return number, f"a run that was clean left what the next one deletes: {', '.join(double)}"
        said = said_of(ended)
        clean = not said
        if clean and not ended.todo.changes:
            return number, ""
        said = said or to_do(ended)
    return RUNS, said
