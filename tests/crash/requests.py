"""Asking the embedded AWS of this process whether requests would be answered, at every moment of a run."""

import itertools
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from fnmatch import fnmatchcase
from typing import Any
from unittest.mock import patch

from moto.core.botocore_stubber import BotocoreStubber
from moto.ecs import ecs_backends
from moto.elbv2 import elbv2_backends
from support import REGION

from reconciler.sandbox import Clock
from reconciler.sandbox.ecs.model import Task
from reconciler.sandbox.ecs.reach import is_reachable
from reconciler.sandbox.ecs.rollout import catch_up
from reconciler.sandbox.world import current

ACCOUNT = "123456789012"
STEP = 1.0  # virtual seconds from one look to the next while time passes


def unanswered(paths: tuple[str, ...]) -> Iterator[str]:
    """Yield each path that no listener answers: no rule matches, or its rule's group has no healthy target.

    A path such as :5432 is a port of a network load balancer, whose listener forwards by its default rule.
    """
    catch_up()
    for path in paths:
        rules = list(_doors(path) if path.startswith(":") else _rules(path))
        empty = [list(empty_groups(rule)) for rule in rules]
        if not rules:
            yield f"{path}: no rule"
        elif all(empty):
            yield from (f"{path}: {group} has no healthy target" for groups in empty for group in groups)


def _rules(path: str) -> Iterator[Any]:
    """Yield the rule of each listener that takes the requests for a path."""
    for balancer in elbv2_backends[ACCOUNT][REGION].load_balancers.values():
        for listener in balancer.listeners.values():
            own = (rule for rule in listener.rules.values() if not rule.is_default and _matches(rule, path))
            yield from itertools.islice(own, 1)


def _doors(port: str) -> Iterator[Any]:
    """Yield the default rules of network load balancers' listeners at a port, such as :5432."""
    for balancer in elbv2_backends[ACCOUNT][REGION].load_balancers.values():
        for listener in balancer.listeners.values() if balancer.type == "network" else ():
            if port == f":{listener.port}":
                yield from listener.rules.values()


def _matches(rule: Any, path: str) -> bool:
    return any(fnmatchcase(path, pattern) for c in rule.conditions for pattern in c.get("Values", ()))


def empty_groups(rule: Any) -> Iterator[str]:
    """Yield the names of the rule's target groups that get requests and have no target to answer them."""
    for action in rule.actions:
        groups = action.data["ForwardConfig"]["TargetGroups"]
        receiving = [group["TargetGroupArn"] for group in groups if group.get("Weight", 1)]
        yield from (arn.split("/")[1] for arn in receiving if not _answers(arn))
        if not receiving:
            yield "all at weight 0"


def _answers(group: str) -> bool:
    now = current().clock.now()
    return any(
        task.healthy <= now and is_reachable(task, group, balancer["containerPort"])
        for task in _tasks()
        for balancer in task.balancers
        if balancer["targetGroupArn"] == group
    )


def _tasks() -> Iterator[Task]:
    for service in list(ecs_backends[ACCOUNT][REGION].services.values()):
        yield from (task for task in service.tasks() if task.alive)


def answered(*paths: str) -> AbstractContextManager[None]:
    """Fail unless these paths are answered before and after each request of a run, and in each second."""
    return watched(lambda: unanswered(paths))


@contextmanager
def watched(find_problems: Callable[[], Iterable[str]]) -> Iterator[None]:
    """Fail if there are problems before or after a request of a run, or in a second of it."""
    send, advance = BotocoreStubber.__call__, Clock.advance

    def look(moment: str) -> None:
        problems = list(find_problems())
        assert not problems, f"{moment}: {'; '.join(problems)}"

    def around(stub: Any, event_name: str, request: Any, **kwargs: Any) -> Any:
        look(f"before {event_name}")
        answer = send(stub, event_name, request, **kwargs)
        look(f"after {event_name}")
        return answer

    def pass_time(clock: Clock, seconds: float) -> None:
        while seconds > 0:
            advance(clock, min(STEP, seconds))
            seconds -= STEP
            look("as time passed")

    look("at first")
    with patch.object(BotocoreStubber, "__call__", around), patch.object(Clock, "advance", pass_time):
        yield
    look("at last")
