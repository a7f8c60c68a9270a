"""The order of an apply at AWS's rates, in simulated time: what the end waits for goes first."""

from collections import Counter
from dataclasses import replace
from heapq import heappop, heappush
from itertools import count

import pytest
from whole import varied

from reconciler.apply.ledger import Ledger
from reconciler.apply.urgency import urgencies
from reconciler.aws.buckets import Buckets
from reconciler.blueprint import blueprint
from reconciler.blueprint.facts import Facts
from reconciler.model.plan import Change, Op, Plan
from reconciler.model.references import Address
from reconciler.model.steps import Call, Rollout
from reconciler.plan import plan
from reconciler.resources import KINDS

FACTS = Facts("123456789012", "aws", "us-east-1", ("us-east-1a", "us-east-1b"))
CALL_TAKES, WORKERS = 0.1, 16
REGISTER, CREATE = "ecs.register_task_definition", "ecs.create_service"
CALM, REAL = {}, {"servicediscovery.operation_ended": 65.0, "iam.role_exists": 3.0, "ecs.cluster_active": 10.0}


def platform_of(services, folder):
    platform = varied(folder, services - 3)
    specs = tuple(blueprint(platform, FACTS))
    return plan(KINDS, specs, (), platform.stack, specs)


def without_settling(todo):
    return tuple(replace(c, steps=tuple(s for s in c.steps if not s.settling)) for c in todo.changes)


def times_of(todo, durations=CALM):
    """Apply a plan in simulated time. Return the seconds at which each operation began, in order.

    What has a duration is a wait, which takes no worker.
    """
    now, running, number, times = 0.0, [], count(), {}
    ledger = Ledger(todo, lambda _: 1.0, lambda: now, lambda _: None)
    while True:
        while calls_of(running) < WORKERS and (execution := ledger.next()):
            step = execution.steps[0]
            times.setdefault(step.title, []).append(now)
            waits = durations.get(step.title, 0.0)
            heappush(running, (now + CALL_TAKES + waits, next(number), execution, waits))
        due = ledger.until_due() if calls_of(running) < WORKERS else None
        if running and (due is None or running[0][0] <= now + due):
            now, _, execution, _ = heappop(running)
            ledger.enter(execution.advanced({}))
        elif due is not None:
            now += due
        else:
            return times


def calls_of(running):
    return sum(not waits for *_, waits in running)


def bound(services):
    """Return the seconds that ECS needs for this many task definitions, as documented: 20, then 1 a second."""
    return (services - 20) / 1.0


@pytest.mark.parametrize("services", [100, 200])
def test_task_definitions_begin_at_once_and_lose_almost_nothing(tmp_path, services):
    times = times_of(platform_of(services, tmp_path))
    assert len(times[REGISTER]) == len(times[CREATE]) == services
    assert times[REGISTER][0] < 1
    assert max(found[-1] for found in times.values()) / bound(services) < 1.2


def test_the_namespace_is_made_beside_the_task_definitions(tmp_path):
    times = times_of(platform_of(100, tmp_path), REAL)
    assert times[REGISTER][-1] / bound(100) < 1.2
    assert times["servicediscovery.create_private_dns_namespace"][0] < 1
    assert times[CREATE][-1] - times[REGISTER][-1] < 1


def test_the_default_platform_takes_no_longer_than_its_longest_chain(tmp_path):
    """So neither the order nor the number of workers is in the way of a small platform."""
    todo, chains = platform_of(3, tmp_path), {}
    for made in todo.changes:
        before = max((chains[key] for key in made.after), default=0)
        chains[made.key] = before + sum(not step.settling for step in made.steps)
    ended = max(found[-1] for found in times_of(replace(todo, changes=without_settling(todo))).values())
    assert ended + CALL_TAKES == pytest.approx(max(chains.values()) * CALL_TAKES)


def change(name, *steps, after=()):
    return Change(name, Address("t", name), Op.CREATE, (), steps, frozenset(after), {}, "")


def call(title, **fields):
    return Call(*title.split("."), {}, **fields)


def begun(*changes, workers=WORKERS):
    ledger = Ledger(Plan(changes, {}), lambda _: 1.0, lambda: 0.0, lambda _: None)
    return [execution.change.key for _ in range(workers) if (execution := ledger.next())]


def test_the_longest_chain_begins_first():
    short, longer = change("short", call("sts.a")), change("longer", call("sts.a"))
    assert begun(short, longer, change("after", call("sts.a"), after=["longer"])) == ["longer", "short"]


def test_a_token_goes_to_what_most_work_waits_for():
    many = [change(f"{n}", call(REGISTER)) for n in range(30)]
    needed = change("needed", call(REGISTER))
    assert begun(*many, needed, change("service", call(CREATE), after=["needed"]))[0] == "needed"


def test_what_starts_a_rollout_begins_before_a_longer_chain_of_calls():
    calls = change("calls", *[call("sts.a")] * 9)
    assert begun(calls, change("service", call("sts.a"), Rollout({}))) == ["service", "calls"]


def test_what_only_settles_comes_last():
    settling = change("settling", call(REGISTER, settling=True))
    assert begun(settling, change("needed", call(REGISTER))) == ["needed", "settling"]


def test_an_empty_bucket_keeps_no_worker_from_other_work():
    found = Counter(
        key[:3]
        for key in begun(
            *(change(f"ecs{n}", call(REGISTER)) for n in range(40)),
            *(change(f"iam{n}", call("iam.a")) for n in range(9)),
            workers=60,
        )
    )
    assert found == {"ecs": 18, "iam": 9}


def test_what_shares_a_bucket_begins_one_after_the_other_and_so_does_what_it_needs():
    needs = [change(f"role{n}", call("iam.create_role")) for n in range(3)]
    calls = [change(f"task{n}", call(REGISTER), after=[f"role{n}"]) for n in range(3)]
    changes = {c.key: c for c in (*needs, *calls)}
    found = urgencies(changes, {key: c.after for key, c in changes.items()}, Buckets())
    assert [found[f"task{n}"] for n in range(3)] == [3, 2, 1]
    assert [found[f"role{n}"] for n in range(3)] == pytest.approx([3.1, 2.1, 1.1])
