"""Random changes of random platforms on an AWS that fails at random (the harsh profile)."""

import json
import os
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass, replace

import hypothesis
from hypothesis import HealthCheck, Phase, given, settings
from support import client

from crash.cloud import break_connections, cloud, run
from crash.inventory import compare, take_inventory
from crash.results import Result
from crash.scenarios import BRISK, SETTLED, Scenario, describe_failure, describe_todo, run_undisturbed
from crash.strategies import CHANGES, Change, load_platform
from desired_state import Platform
from reconciler.errors import ReadFailed
from reconciler.model.plan import Op
from reconciler.sandbox import HARSH, Clock

BRISK_AND_HARSH = replace(HARSH, interface_lingers=BRISK.interface_lingers)
MAX_RUNS = 6  # runs of a command; the last one must find nothing to do


@dataclass(frozen=True)
class Trial:
    """The result of trying one random change."""

    faults: int
    runs: int
    problem: str  # "" if the platform converged


def try_platforms(count: int, seed: int) -> Iterator[Result]:
    """Try `count` random changes in a process for each core; a seed always gives the same ones."""
    workers = min(os.cpu_count() or 1, count)
    counts = [len(range(n, count, workers)) for n in range(workers)]
    with ProcessPoolExecutor(workers) as pool:
        found = [f for part in pool.map(_try_changes, counts, range(seed, seed + workers)) for f in part]
    faults, runs, failures = (
        sum(f.faults for f in found),
        sum(f.runs for f in found),
        [f.problem for f in found if f.problem],
    )
    name = f"random platforms, seeds {seed} to {seed + workers - 1}"
    yield Result(name, faults, faults, runs, len(found), tuple(failures))


def _try_changes(count: int, seed: int) -> list[Trial]:
    found = []

    # No shrinking: a failure is reported whole, and the other changes are tried all the same.
    @hypothesis.seed(seed)
    @settings(
        max_examples=count,
        phases=[Phase.generate],
        database=None,
        deadline=None,
        suppress_health_check=[*HealthCheck],
    )
    @given(CHANGES)
    def try_one(change: Change) -> None:
        trial = _try_change(change)
        problem = f"{json.dumps(asdict(change))}\n      {trial.problem}"
        found.append(replace(trial, problem=problem) if trial.problem else trial)

    try_one()
    return found


def _try_change(change: Change) -> Trial:
    first, second = load_platform(change.first), load_platform(change.second)
    try:
        expected = run_undisturbed(Scenario("", first, second))
    except AssertionError as e:
        return Trial(0, 2, f"undisturbed: {e}")
    with cloud(BRISK_AND_HARSH, change.seed) as clock, break_connections() as faults:
        nothing, runs, problem = take_inventory(client), 0, ""
        asked = ((first, False, None), (second, False, expected.inventory), (second, True, nothing))
        for wanted, destroy, then in asked:
            more, problem = _converge(wanted, clock, destroy=destroy)
            runs += more
            if not problem and then is not None:
                clock.advance(SETTLED)
                problem = compare(take_inventory(client), then)
            if problem:
                return Trial(faults.total(), runs, f"{'destroy' if destroy else 'apply'}: {problem}")
        return Trial(faults.total(), runs, "")


def _converge(wanted: Platform, clock: Clock, *, destroy: bool) -> tuple[int, str]:
    """Repeat a command until it finds nothing to do; return the number of runs and the problem or ""."""
    problem, clean = "", False
    for number in range(1, MAX_RUNS + 1):
        try:
            ended = run(wanted, clock, destroy=destroy)
        except ReadFailed as e:
            problem = str(e)
            continue
        double = [str(c.address) for c in ended.todo.changes if clean and not destroy and c.op is Op.DELETE]
        if double:
            return number, f"a run that was clean left what the next one deletes: {', '.join(double)}"
        problem = describe_failure(ended)
        clean = not problem
        if clean and not ended.todo.changes:
            return number, ""
        problem = problem or describe_todo(ended)
    return MAX_RUNS, problem
