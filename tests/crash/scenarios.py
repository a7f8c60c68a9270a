"""What is run, where it is made to fail, and what must be so in the end."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from botocore import xform_name
from support import client

from crash import platforms
from crash.account import revisions
from crash.cloud import Run, cloud, run
from crash.faults import Faults
from crash.forks import Forks, Verdict
from crash.inventory import compared, inventory
from crash.results import Result
from desired_state import Platform
from reconciler.errors import ReadFailed
from reconciler.render.explain_error import explain_error
from reconciler.sandbox import REAL, Clock, Profile

RUNS = 4  # of the same command after a fault, the last of which must find nothing to do
# Reads that may be denied: others are asked in place of the first, the second tells descriptions, the third candidates.
REPLACED = {
    "iam.GetAccountAuthorizationDetails",
    "iam.ListRoles",
    "resource-groups-tagging-api.GetResources",
}
SETTLED = 3600.0  # virtual seconds after which no rollout is under way


@dataclass(frozen=True)
class Scenario:
    """A command, and what was applied before it."""

    name: str
    before: Platform | None
    platform: Platform
    destroy: bool = False
    by_hand: Callable[[], object] | None = None  # what a person has done since
    asks: bool = True  # something that the other scenarios do not


@dataclass(frozen=True)
class Expected:
    """What AWS must have in the end."""

    things: Counter[str]
    revisions: Mapping[str, int]  # of each family, if one run does it all


def scenarios(folder: Path) -> list[Scenario]:
    """A fresh apply, one that changes every field that can change, one that replaces, and a destroy."""
    first, second, third = platforms.default(), platforms.changed(folder), platforms.replaced(folder)
    return [
        Scenario("fresh apply", None, first),
        Scenario("apply of a changed file", first, second),
        Scenario("apply that replaces", first, third, by_hand=_a_service_is_deleted, asks=False),
        Scenario("destroy", second, second, destroy=True),
    ]


def _a_service_is_deleted() -> None:
    """It drains, and another one of its name must wait for that."""
    client("ecs").delete_service(cluster="ecs-cluster-crash", service="svc-market-data-crash", force=True)


def undisturbed(scenario: Scenario, profile: Profile = REAL) -> Expected:
    """What AWS has when nothing goes wrong; after a destroy, what a new account has."""
    with cloud(profile) as clock:
        if not scenario.destroy:
            prepare(scenario, clock)
            _clean(run(scenario.platform, clock))
            clock.advance(SETTLED)
        return Expected(inventory(client), revisions(client))


def disturbed(scenario: Scenario, faults: Faults, expected: Expected, profile: Profile = REAL) -> Result:
    """The scenario with a copy for each fault, in which the command is repeated until there is nothing to do."""
    with cloud(profile) as clock:
        prepare(scenario, clock)

        def finish() -> Verdict:
            return _again(scenario, clock, expected)

        forks = Forks(faults, finish)
        first = _ended(scenario, clock, forks)
        if forks.inside:
            forks.leave(lambda: _alone(scenario, clock, first, expected))
        _clean(first)
        return _result(scenario.name, forks)


def denied(scenario: Scenario, faults: Faults, profile: Profile = REAL) -> Result:
    """The scenario with a copy for each read that AWS refuses: nothing may be written, and it must be said why."""
    with cloud(profile) as clock:
        prepare(scenario, clock)
        forks = Forks(faults)
        first = _ended(scenario, clock, forks)
        if forks.inside:
            forks.leave(lambda: Verdict(_not_stopped(first, forks)))
        _clean(first)
        return _result(scenario.name, forks)


def _ended(scenario: Scenario, clock: Clock, forks: Forks) -> Run | Exception:
    with forks.watching():
        try:
            return run(scenario.platform, clock, destroy=scenario.destroy)
        except Exception as e:  # noqa: BLE001 - what a copy raises, its check judges
            return e


def _not_stopped(ended: Run | Exception, forks: Forks) -> str:
    operation = forks.points[-1][0].operation
    if operation in REPLACED:
        return said_of(ended)
    if not isinstance(ended, ReadFailed):
        return f"it did not stop: {ended!r:.300}"
    if forks.written:
        return f"{forks.written} writes were sent"
    told, name = explain_error(ended), xform_name(operation.split(".")[1])
    return "" if name in told.message and told.cause else f"{name} is not named: {told}"


def _result(name: str, forks: Forks) -> Result:
    verdicts = list(forks.verdicts())
    return Result(
        name,
        len({request for request, _, _ in verdicts}),
        len(verdicts),
        sum(verdict.runs for _, _, verdict in verdicts),
        len(verdicts),
        tuple(
            f"{request}, {fault.name}: {verdict.said}" for request, fault, verdict in verdicts if verdict.said
        ),
    )


def prepare(scenario: Scenario, clock: Clock) -> None:
    """What was before the command."""
    if scenario.before:
        _clean(run(scenario.before, clock))
        clock.advance(SETTLED)
    if scenario.by_hand:
        scenario.by_hand()


def _clean(ended: Run | Exception) -> None:
    if said := said_of(ended):
        raise AssertionError(said)


def _alone(scenario: Scenario, clock: Clock, ended: Run | Exception, expected: Expected) -> Verdict:
    """Whether the run that went on did all by itself, and did it once: the next one would tidy up what is double."""
    if said := said_of(ended):
        return Verdict(said)
    if (had := revisions(client)) != expected.revisions:
        return Verdict(f"revisions {had}, and should be {expected.revisions}")
    following = run(scenario.platform, clock, destroy=scenario.destroy)
    if said := said_of(following) or to_do(following):
        return Verdict(said, 2)
    clock.advance(SETTLED)
    return Verdict(compared(inventory(client), expected.things), 2)


def _again(scenario: Scenario, clock: Clock, expected: Expected) -> Verdict:
    """The same command, until it finds nothing to do."""
    runs = 1
    for ended in _repeated(scenario, clock):
        runs += 1
        if said := said_of(ended):
            return Verdict(said, runs)
        if not ended.todo.changes:
            clock.advance(SETTLED)
            return Verdict(compared(inventory(client), expected.things), runs)
    return Verdict("there is still something to do", runs)


def _repeated(scenario: Scenario, clock: Clock) -> Iterator[Run]:
    for _ in range(RUNS):
        yield run(scenario.platform, clock, destroy=scenario.destroy)


def to_do(ended: Run) -> str:
    """What a run found to do; "" if nothing."""
    found = [f"{change.op} {change.address}" for change in ended.todo.changes]
    return f"it found something to do: {', '.join(found)}" if found else ""


def said_of(ended: Run | Exception) -> str:
    """What went wrong in a run; "" if nothing did."""
    if isinstance(ended, Exception):
        return f"the run raised {ended!r}"
    if ended.clean:
        return ""
    out = ended.outcome
    return f"conflicts {ended.todo.conflicts}, failed {out.failed}, skipped {out.skipped}, held {out.held}"
