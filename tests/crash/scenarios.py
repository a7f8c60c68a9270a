"""The scenarios: a command, and the state of the account before and after it."""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from support import client

from crash import platforms
from crash.cloud import Run, cloud, run
from crash.damage import damage
from crash.ecs import count_revisions
from crash.existing import make_network
from crash.inventory import take_inventory
from desired_state import Platform
from reconciler.sandbox import CALM, REAL, Clock, Profile
from reconciler.sandbox.world import current, use

# Interfaces go sooner than AWS's: the polls of ten minutes would take most of the time of each destroy.
BRISK = replace(REAL, name="brisk", interface_lingers=45)
SETTLED = 3600.0  # virtual seconds after which no rollout is in progress


@dataclass(frozen=True)
class Scenario:
    """A command, and the platform that was applied before it."""

    name: str
    before: Platform | None
    platform: Platform
    destroy: bool = False
    correct: bool = False  # the command is `drift --correct`
    by_hand: Callable[[], object] | None = None  # done by a person before the command
    others: Callable[[], object] | None = None  # makes what others have in the account from the beginning
    asks: bool = True  # it calls operations that the other scenarios do not call


@dataclass(frozen=True)
class Expected:
    """The expected state of the account."""

    inventory: Counter[str]
    revisions: Mapping[str, int]  # newest of each family, if one run does everything


def make_scenarios(folder: Path) -> list[Scenario]:
    """Return a fresh apply, one that changes all it can, replaces, or moves; a correction, and a destroy.

    Then an apply and a destroy of small platforms in private subnets, inside a VPC of others, behind an
    internal and a public load balancer, behind network load balancers, and with names.
    """
    first, second, third = platforms.default(), platforms.changed(folder), platforms.replaced(folder)
    moved, private = platforms.moved(folder), platforms.in_private_subnets(folder)
    inside, balanced = platforms.inside_existing(folder), platforms.behind_two(folder)
    connected = platforms.behind_network_balancers(folder / "net")
    named = platforms.with_names(folder, "shop.example.com", "example.com")
    renamed = platforms.with_names(folder, "shop.example.com", "*.shop.example.com", "www.example.com")
    return [
        Scenario("fresh apply", None, first),
        Scenario("apply of a changed file", first, second),
        Scenario("apply that replaces", first, third, by_hand=_delete_a_service, asks=False),
        Scenario("apply that moves requests", first, moved, asks=False),
        Scenario("correction of damage", second, second, correct=True, by_hand=damage, asks=False),
        Scenario("destroy", second, second, destroy=True),
        Scenario("apply in private subnets", None, private, asks=False),
        Scenario("destroy in private subnets", private, private, destroy=True, asks=False),
        Scenario("apply inside a VPC", None, inside, others=make_network, asks=False),
        Scenario("destroy inside a VPC", inside, inside, destroy=True, others=make_network, asks=False),
        Scenario("apply of an internal and a public load balancer", None, balanced, asks=False),
        Scenario("destroy of both load balancers", balanced, balanced, destroy=True, asks=False),
        Scenario("apply behind network load balancers", None, connected, asks=False),
        Scenario("destroy behind network load balancers", connected, connected, destroy=True, asks=False),
        Scenario("apply with HTTPS and names", None, named, asks=False),
        Scenario("apply of other hosts", named, renamed, asks=False),
        Scenario("destroy with HTTPS and names", named, named, destroy=True, asks=False),
    ]


def _delete_a_service() -> None:
    """Delete a service, which drains: a new one with its name must wait for that."""
    client("ecs").delete_service(cluster="ecs-cluster-crash", service="svc-market-data-crash", force=True)


def run_undisturbed(scenario: Scenario, profile: Profile = BRISK) -> Expected:
    """Run the scenario without faults and return the result; for a destroy, what others have in the account."""
    with cloud(profile) as clock:
        if scenario.destroy:
            _provide_others(scenario, clock)
        else:
            prepare(scenario, clock)
            require_clean(run(scenario.platform, clock, correct=scenario.correct))
            clock.advance(SETTLED)
        return Expected(take_inventory(client), count_revisions(client))


def prepare(scenario: Scenario, clock: Clock) -> None:
    """Bring the account into the state before the command."""
    _provide_others(scenario, clock)
    if scenario.before:
        require_clean(run(scenario.before, clock))
        clock.advance(SETTLED)
    if scenario.by_hand:
        scenario.by_hand()


def _provide_others(scenario: Scenario, clock: Clock) -> None:
    """Make what others have, so long ago that AWS shows it everywhere."""
    if scenario.others:
        world = current()
        use(replace(world, profile=CALM))
        scenario.others()
        use(world)
        clock.advance(SETTLED)


def require_clean(ended: Run | Exception) -> None:
    if problem := describe_failure(ended):
        raise AssertionError(problem)


def describe_failure(ended: Run | Exception) -> str:
    """Describe what went wrong in a run; return "" if nothing did."""
    if isinstance(ended, Exception):
        return f"the run raised {ended!r}"
    if ended.clean:
        return ""
    out = ended.outcome
    return f"conflicts {ended.todo.conflicts}, failed {out.failed}, skipped {out.skipped}, held {out.held}"


def describe_todo(ended: Run) -> str:
    """Describe what a run found to do; return "" if nothing."""
    found = [f"{change.op} {change.address}" for change in ended.todo.changes]
    return f"it found something to do: {', '.join(found)}" if found else ""
