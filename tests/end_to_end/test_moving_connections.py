"""Connections through a network load balancer move from one service to another without a gap."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
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

Services = Mapping[str, Mapping[str, Any]]
ROUTE = {"load_balancer": "tcp", "listener": "sql"}
LISTENERS = {"sql": {"port": 5432}}
BEFORE: Services = {"web": {"port": 5432, "routes": [ROUTE]}}
AFTER: Services = {"shop": {"port": 5432, "routes": [ROUTE]}}


def platform(services: Services, listeners: Mapping[str, Any] = LISTENERS, **every: Any) -> Platform:
    file = safe_load(SMALL) | {"environment": "crash"}
    balancers = {"tcp": {"type": "network", "listeners": listeners}}
    services = {name: {**one, **every} for name, one in services.items()}
    return load_platform(file | {"load_balancers": balancers, "services": services})


@contextmanager
def running() -> Iterator[Clock]:
    """Yield the clock of an AWS on which the platform runs as before the move."""
    with cloud(BRISK) as clock:
        assert run(platform(BEFORE), clock).clean
        clock.advance(SETTLED)
        yield clock


def finish(wanted: Platform, clock: Clock) -> None:
    assert not describe_failure(run(wanted, clock))
    assert [change.key for change in run(wanted, clock).todo.changes] == []
    assert len(client("elbv2").describe_target_groups()["TargetGroups"]) == 1


def test_connections_are_taken_all_the_while():
    with running() as clock, answered(":5432"):
        finish(platform(AFTER), clock)


def test_a_plan_says_how_they_move():
    with running() as clock:
        todo = run(platform(AFTER), clock).todo
    text = plan_text(todo)
    assert "tg-shop-tcp-crash joins at weight 0, and gets the new connections once svc-shop-crash has" in text
    assert "--allow-replace" not in text


def test_tasks_that_fail_leave_them_where_they_are():
    with running() as clock, answered(":5432"):
        failed = run(platform(AFTER, environment={"SANDBOX_FAIL": "exit"}), clock)
        assert failed.outcome.failed
        clock.advance(SETTLED)
        finish(platform(AFTER), clock)


def test_another_port_of_the_load_balancer_is_taken_in_place():
    with running() as clock:
        wanted = platform(BEFORE, {"sql": {"port": 5433}})
        assert not describe_failure(run(wanted, clock))
        assert [change.key for change in run(wanted, clock).todo.changes] == []


def test_another_protocol_costs_connections_and_is_asked_for():
    dns = {"ports": {"sql": 5432, "dns": {"port": 53, "protocol": "udp"}}, "health_check": {"port": "sql"}}
    wanted = platform(
        {"web": {"port": None, **dns, "routes": [{**ROUTE, "port": "dns"}]}},
        {"sql": {"port": 5432, "protocol": "UDP"}},
    )
    with running() as clock:
        ended = run(wanted, clock)
        told = objections(KINDS, ended.todo, Consent(yes=True), asks=False)
        assert any("connections are refused" in text for text in told)
        assert not describe_failure(ended)
        assert [change.key for change in run(wanted, clock).todo.changes] == []


def test_with_another_protocol_the_service_leaves_the_old_group_at_once_though_its_check_stays():
    """ECS refuses a target group that no listener forwards to any more."""
    check = {"health_check": {"port": "sql"}, "routes": [{**ROUTE, "port": "dns"}]}
    ports = {"sql": 5432, "dns": {"port": 53, "protocol": "udp"}}
    udp = platform({"web": {"port": None, "ports": ports, **check}}, {"sql": {"port": 53, "protocol": "UDP"}})
    ports = {**ports, "dns-tcp": 53}
    both = platform(
        {"web": {"port": None, "ports": ports, **check}}, {"sql": {"port": 53, "protocol": "TCP_UDP"}}
    )
    with cloud(BRISK) as clock:
        assert run(udp, clock).clean
        clock.advance(SETTLED)
        finish(both, clock)
        clock.advance(SETTLED)
        finish(udp, clock)


@pytest.mark.parametrize("every", [9])
def test_a_run_that_was_killed_is_ended_by_the_next_one(every: int):
    with running() as clock:

        def end() -> Verdict:
            finish(platform(AFTER), clock)
            return Verdict()

        forks = Forks(take_every(every, lambda request: () if request.is_read else (DIES_AFTER,)), end)
        with answered(":5432"), forks.fork_at_requests():
            run(platform(AFTER), clock)
        verdicts = list(forks.collect_verdicts())
        assert verdicts
        assert not [f"{request}: {verdict.problem}" for request, _, verdict in verdicts if verdict.problem]
