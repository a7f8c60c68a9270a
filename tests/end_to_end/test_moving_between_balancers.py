"""A route moves to another load balancer: the old one serves it until the new one does, whatever goes wrong."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pytest
from crash.cloud import cloud, run
from crash.faults import DIES_AFTER, take_every
from crash.forks import Forks, Verdict
from crash.requests import answered
from crash.scenarios import BRISK, SETTLED, describe_failure
from crash.strategies import load_platform
from support import SMALL, client
from yaml import safe_load

from desired_state import Platform
from reconciler.plan.safety import Consent, objections
from reconciler.render.plan_text import plan_text
from reconciler.resources import KINDS
from reconciler.sandbox import Clock

BOTH = {"public": {}, "inner": {"scheme": "internal"}}
OTHER = {"priority": 2, "paths": ["/b"]}  # keeps each of the two in use
KEPT = {"routes": [OTHER, {**OTHER, "load_balancer": "inner"}]}


def platform(balancers: Mapping[str, Any] | None, route: Mapping[str, Any], **more: Any) -> Platform:
    """Return a platform with these load balancers, or just the singular one, and this route of `web` to /a."""
    file = safe_load(SMALL) | {"environment": "crash"}
    routes = [{"priority": 1, "paths": ["/a"], **one} for one in route.get("several", [route])]
    kept = {"kept": KEPT} if balancers == BOTH else {}
    shown = {"load_balancers": balancers, "load_balancer": None} if balancers else {"load_balancer": {}}
    return load_platform(file | shown | {"services": {"web": {"routes": routes, **more}, **kept}})


@dataclass(frozen=True)
class Move:
    """The load balancers and the route before and after."""

    name: str
    before: tuple[Mapping[str, Any] | None, Mapping[str, Any]]
    after: tuple[Mapping[str, Any] | None, Mapping[str, Any]]

    def __str__(self) -> str:
        return self.name


MOVES = (
    Move("to the internal one", (BOTH, {}), (BOTH, {"load_balancer": "inner"})),
    Move("to one with a name", (None, {}), ({"main": {}}, {})),
    Move("back to the one without", ({"main": {}}, {}), (None, {})),
    Move("to both", (BOTH, {}), (BOTH, {"several": [{}, {"load_balancer": "inner"}]})),
    Move("from both to one", (BOTH, {"several": [{}, {"load_balancer": "inner"}]}), (BOTH, {})),
)


def finish(move: Move, clock: Clock) -> None:
    ended = run(platform(*move.after), clock)
    assert not describe_failure(ended)
    assert [change.key for change in run(platform(*move.after), clock).todo.changes] == []
    balancers = client("elbv2").describe_load_balancers()["LoadBalancers"]
    assert {one["LoadBalancerName"] for one in balancers} == {
        platform(*move.after).names.load_balancer(key) for key in platform(*move.after).balancers
    }


@pytest.mark.parametrize("move", MOVES, ids=str)
def test_one_of_the_two_answers_all_the_while(move: Move):
    with cloud(BRISK) as clock:
        assert run(platform(*move.before), clock).clean
        clock.advance(SETTLED)
        with answered("/a"):
            finish(move, clock)


TOLD = """\
  → listener_rule.alb-inner-crash-http-web   moves (new one first); needs --allow-replace
      clients have to go to HTTP port 80 of alb-inner-crash; alb-public-crash serves it until all has rolled out, \
and then HTTP port 80 answers 404
"""


def test_the_plan_says_where_clients_have_to_go_and_asks():
    with cloud(BRISK) as clock:
        assert run(platform(*MOVES[0].before), clock).clean
        todo = run(platform(*MOVES[0].after), clock).todo
        assert TOLD in plan_text(todo)
        (refused,) = objections(KINDS, todo, Consent(yes=True), asks=True)
        assert "would move, so that clients find it elsewhere" in refused


@pytest.mark.parametrize("move", MOVES, ids=str)
def test_tasks_that_fail_leave_the_old_one_as_it_is(move: Move):
    with cloud(BRISK) as clock:
        assert run(platform(*move.before), clock).clean
        clock.advance(SETTLED)
        with answered("/a"):
            assert run(platform(*move.after, environment={"SANDBOX_FAIL": "exit"}), clock).outcome.failed
            clock.advance(SETTLED)
            finish(move, clock)


EVERY = int(os.environ.get("EVERY_KILL", "12"))  # so many kills of which one is tried


@pytest.mark.parametrize("move", MOVES, ids=str)
def test_a_run_that_was_killed_at_any_call_is_ended_by_the_next_one(move: Move):
    with cloud(BRISK) as clock:
        assert run(platform(*move.before), clock).clean
        clock.advance(SETTLED)

        def end() -> Verdict:
            finish(move, clock)
            return Verdict()

        forks = Forks(take_every(EVERY, lambda request: () if request.is_read else (DIES_AFTER,)), end)
        with answered("/a"), forks.fork_at_requests():
            run(platform(*move.after), clock)
        verdicts = list(forks.collect_verdicts())
        assert verdicts
        assert not [f"{request}: {verdict.problem}" for request, _, verdict in verdicts if verdict.problem]
