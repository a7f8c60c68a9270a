"""Requests move from one target group to another without a gap, whatever goes wrong meanwhile."""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any
from unittest.mock import patch

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
from desired_state.names import Names
from reconciler.render.plan_json import plan_document
from reconciler.render.plan_markdown import plan_markdown
from reconciler.render.plan_text import plan_text
from reconciler.sandbox import Clock
from reconciler.sandbox.ecr.images import manifest
from reconciler.sandbox.world import current, use

Services = Mapping[str, Mapping[str, Any]]


def route(priority: int, path: str) -> dict[str, Any]:
    return {"priority": priority, "paths": [path]}


A, B, C = route(1, "/a"), route(2, "/b"), route(3, "/c")


@dataclass(frozen=True)
class Move:
    """The services before and after, the paths that are asked for, and whether target groups are renamed."""

    name: str
    before: Services
    after: Services
    paths: tuple[str, ...]
    other_groups: bool = False

    def __str__(self) -> str:
        return self.name


MOVES = (
    Move("rename", {"web": {"routes": [A]}}, {"shop": {"routes": [A]}}, ("/a",)),
    Move(
        "rename, another priority",
        {"web": {"routes": [B]}},
        {"shop": {"routes": [{**B, "priority": 1}]}},
        ("/b",),
    ),
    Move("rename, another port", {"web": {"routes": [A]}}, {"shop": {"routes": [A], "port": 9090}}, ("/a",)),
    Move("another port", {"web": {"routes": [A]}}, {"web": {"routes": [A], "port": 9090}}, ("/a",)),
    Move(
        "the first of two routes goes to another service",
        {"web": {"routes": [A, B]}, "shop": {"routes": [C]}},
        {"web": {"routes": [B]}, "shop": {"routes": [A, C]}},
        ("/a", "/b", "/c"),
    ),
    Move(
        "the last route goes to a service that had none",
        {"web": {"routes": [A]}, "shop": {}},
        {"web": {}, "shop": {"routes": [A]}},
        ("/a",),
    ),
    Move(
        "the last route goes away with the port",
        {"web": {"routes": [A]}, "shop": {"routes": [B]}},
        {"web": {"port": 9090}, "shop": {"routes": [A, B]}},
        ("/a", "/b"),
    ),
    Move(
        "the last route goes away, and every port",
        {"web": {"routes": [A]}, "shop": {"routes": [B]}},
        {"web": {"port": "none"}, "shop": {"routes": [A, B]}},
        ("/a", "/b"),
    ),
    Move(
        "nobody takes the last route, and every port goes away",
        {"web": {"routes": [A]}, "shop": {"routes": [B]}},
        {"web": {"port": "none"}, "shop": {"routes": [B]}},
        ("/b",),
    ),
    Move(
        "two services swap their routes",
        {"web": {"routes": [A]}, "shop": {"routes": [B]}},
        {"web": {"routes": [B]}, "shop": {"routes": [A]}},
        ("/a", "/b"),
    ),
    Move(
        "two services swap their routes, not their priorities",
        {"web": {"routes": [A]}, "shop": {"routes": [B]}},
        {"web": {"routes": [{**B, "priority": 1}]}, "shop": {"routes": [{**A, "priority": 2}]}},
        ("/a", "/b"),
    ),
    Move(
        "two services swap their names",
        {"web": {"routes": [A], "memory": 1024}, "shop": {"routes": [B]}},
        {"shop": {"routes": [A], "memory": 1024}, "web": {"routes": [B]}},
        ("/a", "/b"),
    ),
    Move(
        "another group of the same service", {"web": {"routes": [A]}}, {"web": {"routes": [A]}}, ("/a",), True
    ),
    Move(
        "another group and another port",
        {"web": {"routes": [A]}},
        {"web": {"routes": [A], "port": 9090}},
        ("/a",),
        True,
    ),
)


def platform(services: Services, **every: Any) -> Platform:
    file = safe_load(SMALL) | {"environment": "crash"}
    return load_platform(file | {"services": {name: {**s, **every} for name, s in services.items()}})


@contextmanager
def names_of(move: Move) -> Iterator[None]:
    """Give target groups the names that they have after the move."""

    def name(names: Names, service: str, port: str = "", balancer: str = "") -> str:
        assert not port + balancer, "each service listens on its default port, behind the only load balancer"
        return names(f"other-{service}" if move.other_groups else f"tg-{service}")

    with patch.object(Names, "target_group", name):
        yield


@contextmanager
def running(move: Move) -> Iterator[Clock]:
    """Yield the clock of an AWS on which the platform runs as before the move."""
    with cloud(BRISK) as clock:
        assert run(platform(move.before), clock).clean
        clock.advance(SETTLED)
        with names_of(move):
            yield clock


def finish(move: Move, clock: Clock, runs: int = 1) -> None:
    """Run until nothing is left to do, at most so many times."""
    wanted = platform(move.after)
    for _ in range(runs):
        ended = run(wanted, clock)
        assert not describe_failure(ended)
    assert [change.key for change in run(wanted, clock).todo.changes] == []
    assert {name.split("-", 2)[1] for name in routed_groups()} == {
        name for name, service in move.after.items() if service.get("routes")
    }


def routed_groups() -> list[str]:
    """Return the names of the target groups that rules send requests to. No other group is left."""
    found = client("elbv2").describe_target_groups()["TargetGroups"]
    names = {group["TargetGroupArn"]: group["TargetGroupName"] for group in found}
    weights = [group for rule in live_rules() for group in rule["Actions"][0]["ForwardConfig"]["TargetGroups"]]
    receiving = {group["TargetGroupArn"] for group in weights if group["Weight"]}
    assert receiving == names.keys()
    return [names[arn] for arn in receiving]


def live_rules() -> list[Any]:
    elb = client("elbv2")
    (balancer,) = elb.describe_load_balancers()["LoadBalancers"]
    (listener,) = elb.describe_listeners(LoadBalancerArn=balancer["LoadBalancerArn"])["Listeners"]
    found = elb.describe_rules(ListenerArn=listener["ListenerArn"])["Rules"]
    return [rule for rule in found if not rule["IsDefault"]]


@pytest.mark.parametrize("move", MOVES, ids=str)
def test_requests_are_answered_all_the_while(move: Move):
    with running(move) as clock, answered(*move.paths):
        finish(move, clock)


TEXT = """\
  ~ listener_rule.alb-crash-http-shop
      tg-shop-crash joins at weight 0, and gets the requests once svc-shop-crash has rolled out
      the other target groups leave it last
      tags.ecs-reconciler:name: alb-crash-http-web → alb-crash-http-shop
      tags.ecs-reconciler:service: web → shop
"""


def test_a_plan_says_how_requests_move():
    with running(MOVES[0]) as clock:
        todo = run(platform(MOVES[0].after), clock).todo
    text = plan_text(todo)
    assert TEXT in text
    assert "--allow-replace" not in text
    assert "  > later:" in plan_text(todo, calls=True)
    assert "  > if that cannot be done now:\n      > elbv2.modify_rule" in plan_text(todo, calls=True)
    assert "gets the requests once svc-shop-crash has rolled out" in plan_markdown(todo)
    (rule,) = (c for c in plan_document(todo)["changes"] if c["address"].startswith("listener_rule"))
    assert [part["what"] for part in rule["later"]] == ["traffic", "other groups"]
    assert [call["operation"] for call in rule["later"][0]["otherwise"]] == ["modify_rule"]
    assert [call["operation"] for call in rule["calls"]] == ["add_tags", *["modify_rule"] * 3]


@pytest.mark.parametrize("move", MOVES, ids=str)
def test_tasks_that_fail_leave_the_requests_where_they_are(move: Move):
    failure = "health" if move.other_groups else "exit"
    with running(move) as clock, answered(*move.paths):
        before = rules()
        failed = run(platform(move.after, environment={"SANDBOX_FAIL": failure}), clock)
        assert failed.outcome.failed
        assert rules() == before
        clock.advance(SETTLED)
        finish(move, clock)


@pytest.mark.parametrize(
    "then", [{"web": {"routes": [A]}}, {"store": {"routes": [A]}}], ids=["back", "a third"]
)
def test_after_tasks_that_failed_another_name_is_as_good(then: Services):
    with running(MOVES[0]) as clock, answered("/a"):
        assert run(platform(MOVES[0].after, environment={"SANDBOX_FAIL": "exit"}), clock).outcome.failed
        finish(replace(MOVES[0], after=then), clock)


def test_a_service_without_tasks_gets_its_route_at_once():
    with running(MOVES[0]) as clock:
        finish(replace(MOVES[0], after={"shop": {"routes": [A], "desired_count": 0}}), clock)


@pytest.mark.parametrize("move", MOVES, ids=str)
def test_a_missing_image_leaves_the_requests_where_they_are(move: Move):
    with running(move) as clock, answered(*move.paths):
        before = rules()
        with without_images():
            held = run(platform(move.after, memory=2048), clock)
        assert held.outcome.held
        assert not held.outcome.failed
        assert rules() == before
        clock.advance(SETTLED)
        push_images()
        finish(move, clock)


def rules() -> list[tuple[str, str]]:
    """Return what each rule matches, with the only target group that it forwards to."""
    return sorted((str(r["Conditions"]), a["TargetGroupArn"]) for r in live_rules() for a in r["Actions"])


@contextmanager
def without_images() -> Iterator[None]:
    """Delete all images, and let repositories be made without one."""
    for repository in repositories():
        client("ecr").batch_delete_image(repositoryName=repository, imageIds=[{"imageTag": "latest"}])
    world = use(replace(current(), images=False))
    yield
    use(replace(world, images=True))


def push_images() -> None:
    for repository in repositories():
        client("ecr").put_image(
            repositoryName=repository, imageTag="latest", imageManifest=manifest(repository)
        )


def repositories() -> list[str]:
    return [r["repositoryName"] for r in client("ecr").describe_repositories()["repositories"]]


EVERY = int(os.environ.get("EVERY_KILL", "12"))  # so many kills of which one is tried


@pytest.mark.parametrize("move", MOVES, ids=str)
def test_a_run_that_was_killed_at_any_call_is_ended_by_the_next_one(move: Move):
    with running(move) as clock:

        def end() -> Verdict:
            finish(move, clock)
            return Verdict()

        forks = Forks(take_every(EVERY, lambda request: () if request.is_read else (DIES_AFTER,)), end)
        with answered(*move.paths), forks.fork_at_requests():
            run(platform(move.after), clock)
        verdicts = list(forks.collect_verdicts())
        assert verdicts
        assert not [f"{request}: {verdict.problem}" for request, _, verdict in verdicts if verdict.problem]
