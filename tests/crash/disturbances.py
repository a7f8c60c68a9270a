"""Running a scenario with faults, in a copy of the process for each, and checking the account after it."""

from collections.abc import Iterator

from botocore import xform_name
from support import client

from crash.cloud import Run, cloud, run
from crash.ecs import count_revisions
from crash.faults import Faults
from crash.forks import Forks, Verdict
from crash.inventory import compare, take_inventory
from crash.results import Result
from crash.scenarios import (
    BRISK,
    SETTLED,
    Expected,
    Scenario,
    describe_failure,
    describe_todo,
    prepare,
    require_clean,
)
from reconciler.errors import ReadFailed, RunRefused
from reconciler.render.explain_error import explain_error
from reconciler.sandbox import Clock, Profile

MAX_RUNS = 4  # runs of the command after a fault; the last one must find nothing to do
# Reads that may be denied: the first has substitutes, the second gives descriptions, the third candidates, the
# last tells whether an apply ended a moment ago.
DENIABLE_READS = {
    "iam.GetAccountAuthorizationDetails",
    "iam.ListRoles",
    "resource-groups-tagging-api.GetResources",
    "dynamodb.GetItem",
}


def run_disturbed(scenario: Scenario, faults: Faults, expected: Expected, profile: Profile = BRISK) -> Result:
    """Run the scenario with a copy for each fault; the command is repeated until it finds nothing to do."""
    with cloud(profile) as clock:
        prepare(scenario, clock)

        def finish() -> Verdict:
            return _run_again(scenario, clock, expected)

        forks = Forks(faults, finish)
        first = _run_forking(scenario, clock, forks)
        if forks.inside:
            forks.end_copy(lambda: _check_alone(scenario, clock, first, expected))
        require_clean(first)
        return _collect_result(scenario.name, forks)


def run_denied(scenario: Scenario, faults: Faults, profile: Profile = BRISK) -> Result:
    """Run the scenario with a copy for each denied read, which must write nothing and name the read."""
    with cloud(profile) as clock:
        prepare(scenario, clock)
        forks = Forks(faults)
        first = _run_forking(scenario, clock, forks)
        if forks.inside:
            forks.end_copy(lambda: Verdict(_check_stopped(first, forks)))
        require_clean(first)
        return _collect_result(scenario.name, forks)


def _run_forking(scenario: Scenario, clock: Clock, forks: Forks) -> Run | Exception:
    with forks.fork_at_requests():
        try:
            return run(scenario.platform, clock, destroy=scenario.destroy, correct=scenario.correct)
        except Exception as e:  # noqa: BLE001 - the check of a copy judges its exception
            return e


def _check_stopped(ended: Run | Exception, forks: Forks) -> str:
    operation = forks.points[-1][0].operation
    if operation in DENIABLE_READS:
        return describe_failure(ended)
    if not isinstance(ended, ReadFailed | RunRefused):
        return f"it did not stop: {ended!r:.300}"
    if forks.written:
        return f"{forks.written} writes were sent"
    explanation, name = explain_error(ended), operation.split(".")[1]
    named = name in explanation.message or (xform_name(name) in explanation.message and explanation.cause)
    return "" if named else f"{name} is not named: {explanation}"


def _collect_result(name: str, forks: Forks) -> Result:
    verdicts = list(forks.collect_verdicts())
    return Result(
        name,
        len({request for request, _, _ in verdicts}),
        len(verdicts),
        sum(verdict.runs for _, _, verdict in verdicts),
        len(verdicts),
        tuple(
            f"{request}, {fault.name}: {verdict.problem}"
            for request, fault, verdict in verdicts
            if verdict.problem
        ),
    )


def _check_alone(scenario: Scenario, clock: Clock, ended: Run | Exception, expected: Expected) -> Verdict:
    """Check that the run with the fault did everything, and once: the next run would delete duplicates."""
    if problem := describe_failure(ended):
        return Verdict(problem)
    if (had := count_revisions(client)) != expected.revisions:
        return Verdict(f"revisions {had}, and should be {expected.revisions}")
    following = run(scenario.platform, clock, destroy=scenario.destroy, correct=scenario.correct)
    if problem := describe_failure(following) or describe_todo(following):
        return Verdict(problem, 2)
    clock.advance(SETTLED)
    return Verdict(compare(take_inventory(client), expected.inventory), 2)


def _run_again(scenario: Scenario, clock: Clock, expected: Expected) -> Verdict:
    """Repeat the command until it finds nothing to do, and check the account."""
    runs = 1
    for ended in _repeat(scenario, clock):
        runs += 1
        if problem := describe_failure(ended):
            return Verdict(problem, runs)
        if not ended.todo.changes:
            clock.advance(SETTLED)
            return Verdict(compare(take_inventory(client), expected.inventory), runs)
    return Verdict("there is still something to do", runs)


def _repeat(scenario: Scenario, clock: Clock) -> Iterator[Run]:
    for _ in range(MAX_RUNS):
        yield run(scenario.platform, clock, destroy=scenario.destroy, correct=scenario.correct)
