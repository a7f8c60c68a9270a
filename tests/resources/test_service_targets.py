"""A service stays in the target groups that requests still arrive at, and leaves them last."""

from typing import Any

import pytest
from services import TARGET, service
from support import calls

from reconciler.model.references import Ref
from reconciler.model.spec import Live
from reconciler.model.steps import Rollout, split_parts
from reconciler.resources.ecs_service import KIND, Target
from reconciler.resources.ecs_service.spec import IN_PROGRESS
from reconciler.resources.ecs_service.targets import MANY_GROUPS

OLD = Ref("target_group", "arn:old", by_id=True)
IN_OLD = Target(target_group=OLD, container="web", port=8080)


def at(port: int, target: Target = TARGET) -> Target:
    return target.model_copy(update={"port": port})


def sent(want: Any, **live: Any) -> dict[str | None, list[Any]]:
    """Return the targets that each part sends, as pairs of group and port; None if it sends none."""
    given = {"targets": frozenset({IN_OLD}), "routed_groups": frozenset({OLD}), **live}
    steps = list(KIND.ensure(want, Live(service(**given), {"id": "svc"})))
    return {
        mark.what if mark else None: [
            [(t["targetGroupArn"].name, t["containerPort"]) for t in params["loadBalancers"]]
            if "loadBalancers" in params
            else None
            for _, params in calls(found)
        ]
        for mark, found in split_parts(steps)
    }


BOTH, NEW = [("arn:old", 8080), ("tg-api-dev", 8080)], [("tg-api-dev", 8080)]


def test_it_is_in_both_groups_and_then_in_the_new_one():
    assert sent(service(targets={TARGET})) == {None: [BOTH], "targets": [NEW]}


def test_each_of_the_two_is_a_rollout():
    have = Live(service(targets={IN_OLD}, routed_groups={OLD}), {"id": "svc"})
    parts = split_parts(KIND.ensure(service(targets={TARGET}), have))
    assert [isinstance(found[-1], Rollout) for _, found in parts] == [True, True]


def test_it_leaves_a_group_that_no_rule_names_at_once_as_ecs_would_refuse_it():
    assert sent(service(targets={TARGET}), routed_groups=frozenset()) == {None: [NEW]}


def test_it_leaves_its_only_group_last():
    assert sent(service()) == {None: [], "targets": [[]]}


def test_an_update_meanwhile_sends_no_load_balancers():
    assert sent(service(circuit_breaker="off")) == {None: [None], "targets": [[]]}


def test_a_deployment_under_way_is_awaited_before_it_leaves():
    have = Live(service(targets={IN_OLD}, routed_groups={OLD}, deployment=IN_PROGRESS), {"id": "svc"})
    first, last = split_parts(KIND.ensure(service(), have))
    assert [type(step) for step in first[1]] == [Rollout]
    assert len(last[1]) == 2


def test_another_port_in_the_same_group_is_one_rollout():
    assert sent(service(targets={at(9090)}), targets=frozenset({TARGET})) == {None: [[("tg-api-dev", 9090)]]}


def test_it_is_in_the_other_group_at_the_port_that_its_new_tasks_have():
    want = service(targets={at(9090)}, ports={"web": (9090,)})
    assert sent(want) == {
        None: [[("arn:old", 9090), ("tg-api-dev", 9090)]],
        "targets": [[("tg-api-dev", 9090)]],
    }


def test_it_is_in_the_other_group_at_the_same_port_if_its_new_tasks_have_that_too():
    want = service(targets={at(9090)}, ports={"web": (9090, 8080)})
    assert sent(want)[None] == [[("arn:old", 8080), ("tg-api-dev", 9090)]]


@pytest.mark.parametrize("ports", [(9090,), ()])
def test_it_leaves_all_with_its_port_in_one_rollout_at_last(ports: tuple[int, ...]):
    want = service(ports={"web": ports}, task_definition=Ref("task_definition", "task-web-dev", "id"))
    found = sent(want, task_definition=Ref("task_definition", "task-web-dev:1", by_id=True))
    assert found == {None: [], "targets": [[]]}


@pytest.mark.parametrize(("count", "cost"), [(4, ""), (5, MANY_GROUPS)])
def test_more_than_five_groups_cost_an_interruption(count: int, cost: str):
    others = [Ref("target_group", f"arn:{n}", by_id=True) for n in range(count)]
    have = service(
        targets={IN_OLD.model_copy(update={"target_group": g}) for g in others}, routed_groups=frozenset(others)
    )
    want = service(targets={TARGET})
    assert KIND.relations.interrupts is not None
    assert KIND.relations.interrupts(want, have) == cost
    (first, *_) = split_parts(KIND.ensure(want, Live(have, {"id": "svc"})))
    ((_, params),) = calls(first[1])
    assert len(params["loadBalancers"]) == 5
