from dataclasses import replace

import pytest
from test_golden_plan import first_plan
from toys import Shelf, toy

from reconciler.model.plan import Plan
from reconciler.render.log_command import log_command

KEY = "ecs_service.svc-api-gateway-dev123"


def told(todo: Plan) -> str:
    (change,) = (c for c in todo.changes if c.key == KEY)
    return log_command(todo, change)


def logging_to(groups: list[str], region: str | None = "us-east-1") -> Plan:
    """Return the first plan, in which only these containers of api-gateway have log groups."""
    todo = first_plan()
    (address,) = (a for a in todo.desired if a.kind == "task_definition" and "api-gateway" in a.name)
    definition = todo.desired[address]
    containers = {
        name: c.model_copy(update={"log_region": region} if name in groups else {"log_group": None})
        for name, c in definition.containers.items()
    }
    changed = definition.model_copy(update={"containers": containers})
    return replace(todo, desired={**todo.desired, address: changed})


@pytest.mark.parametrize(
    ("groups", "command"),
    [
        (
            ["api-gateway", "xray-daemon"],
            "aws logs tail /aws/ecs/api-gateway-dev123 --since 10m --region us-east-1",
        ),
        (["xray-daemon"], "aws logs tail /aws/ecs/xray-api-gateway-dev123 --since 10m --region us-east-1"),
        ([], ""),
    ],
)
def test_the_first_container_that_logs_is_shown(groups, command):
    assert told(logging_to(groups)) == command


def test_without_a_region_it_is_the_shells():
    assert told(logging_to(["api-gateway"], None)) == "aws logs tail /aws/ecs/api-gateway-dev123 --since 10m"


def test_without_its_task_definition_nothing_is_known():
    assert told(replace(first_plan(), desired={})) == ""


def test_only_services_log():
    todo = Shelf().plan(toy("it"))
    assert log_command(todo, todo.changes[0]) == ""
