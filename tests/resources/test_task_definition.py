from typing import Any

import pytest
from services import FAMILY, LATEST, ROLE, container, definition
from support import calls

from reconciler.model.references import Ref
from reconciler.model.spec import Live
from reconciler.model.tags import NAME, STACK
from reconciler.plan.matching import required_change
from reconciler.resources.task_definition import KIND, TaskDefinition, from_aws
from reconciler.resources.task_definition.parameters import parse_size

ARN = f"arn:aws:ecs:us-east-1:123456789012:task-definition/{FAMILY}"
TOLD = {
    "taskDefinitionArn": f"{ARN}:3",
    "family": FAMILY,
    "revision": 3,
    "status": "ACTIVE",
    "requiresAttributes": [{"name": "ecs.capability.x"}],
    "compatibilities": ["EC2", "FARGATE"],
    "registeredBy": "arn:aws:iam::123456789012:root",
    "networkMode": "awsvpc",
    "requiresCompatibilities": ["FARGATE"],
    "volumes": [],
    "placementConstraints": [],
    "enableFaultInjection": False,
    "cpu": "256",
    "memory": "512",
    "executionRoleArn": ROLE,
    "containerDefinitions": [{"name": "web", "image": "app:1"}],
}


def live(
    *active: int, inactive: tuple[str, ...] = (), retiring: tuple[str, ...] = (), **fields: Any
) -> Live[TaskDefinition]:
    revisions = active or (3,)
    arns = tuple(f"{ARN}:{number}" for number in revisions)
    spec = definition(**fields).model_copy(update={"active": arns, "inactive": inactive, "retiring": retiring})
    return Live(spec, {"id": arns[0], "family": FAMILY, "revision": str(revisions[0])})


def test_what_ecs_fills_in_says_nothing():
    spec = from_aws(TOLD)
    assert (spec.cpu, spec.memory, spec.architecture, spec.others) == (256, 512, "X86_64", {})
    assert spec.execution_role == Ref("iam_role", ROLE, "arn", by_id=True)


@pytest.mark.parametrize("size", ["X86_64", "ARM64"])
def test_linux_is_the_usual_system(size: str):
    platform = {"cpuArchitecture": size, "operatingSystemFamily": "LINUX"}
    spec = from_aws({**TOLD, "runtimePlatform": platform})
    assert (spec.architecture, spec.others) == (size, {})


def test_the_storage_that_every_task_has_is_not_told():
    assert from_aws(TOLD) == from_aws({**TOLD, "ephemeralStorage": {"sizeInGiB": 20}})
    assert from_aws({**TOLD, "ephemeralStorage": {"sizeInGiB": 50}}).ephemeral_storage == 50


@pytest.mark.parametrize(
    ("fields", "other"),
    [
        ({"volumes": [{"name": "data", "host": {}}]}, "volumes"),
        ({"networkMode": "bridge"}, "networkMode"),
        ({"requiresCompatibilities": ["EC2"]}, "requiresCompatibilities"),
        ({"proxyConfiguration": {"containerName": "envoy"}}, "proxyConfiguration"),
        ({"runtimePlatform": {"operatingSystemFamily": "WINDOWS_SERVER_2022_CORE"}}, "runtimePlatform"),
    ],
)
def test_what_no_field_shows_is_kept_as_another_thing(fields: dict[str, Any], other: str):
    assert list(from_aws({**TOLD, **fields}).others) == [other]


@pytest.mark.parametrize(
    ("size", "number"), [("256", 256), ("1 vCPU", 1024), (".5 vcpu", 512), ("0.5GB", 512), (None, 0)]
)
def test_sizes_in_words_are_units_too(size: str | None, number: int):
    assert parse_size(size) == number


def test_a_registration_is_whole():
    [(operation, params)] = calls(KIND.ensure(definition(task_role=None), None))
    assert operation == "register_task_definition"
    assert (params["cpu"], params["memory"], params["networkMode"]) == ("256", "512", "awsvpc")
    assert params["executionRoleArn"] == Ref("iam_role", ROLE, "arn", by_id=True)
    assert "taskRoleArn" not in params
    assert params["containerDefinitions"][0]["image"] == LATEST
    assert {tag["key"] for tag in params["tags"]} == {STACK, NAME}


def test_an_empty_list_of_tags_is_not_sent():
    [(_, params)] = calls(KIND.ensure(definition().model_copy(update={"tags": {}}), None))
    assert "tags" not in params


def test_tags_alone_are_put_on_the_revision_that_is_there():
    strange = live()
    strange = Live(strange.spec.model_copy(update={"tags": {}}), strange.outputs)
    assert [operation for operation, _ in calls(KIND.ensure(definition(), strange))] == ["tag_resource"]


def test_a_registration_retires_what_it_makes_too_many():
    old = live(7, 6, 5, 4, 3, retiring=(f"{ARN}:3",), cpu=512)
    assert calls(KIND.ensure(definition(), old))[1:] == [
        ("deregister_task_definition", {"taskDefinition": f"{ARN}:3"})
    ]


def test_all_revisions_are_deregistered_and_deleted_ten_at_a_time_the_newest_last():
    inactive = [n for n in range(3, 14) if n not in (12, 9, 8)]  # 1 and 2 were deleted before
    gone = live(12, 9, 8, inactive=tuple(f"{ARN}:{n}" for n in inactive))
    asked = calls(KIND.remove(gone))
    short = [name.removesuffix("_task_definition").removesuffix("_task_definitions") for name, _ in asked]
    assert short == ["deregister", "deregister", "delete", "deregister", "delete"]
    deregistered = [params["taskDefinition"] for _, params in asked if "taskDefinition" in params]
    assert deregistered == [f"{ARN}:{n}" for n in (8, 9, 12)]
    deleted = [params["taskDefinitions"] for _, params in asked if "taskDefinitions" in params]
    assert [len(arns) for arns in deleted] == [10, 1]
    assert [arn for arns in deleted for arn in arns] == [f"{ARN}:{n}" for n in (*inactive, 8, 9, 12)]


@pytest.mark.parametrize(
    ("want", "shown", "warned"),
    [
        ({"A": "1", "E": ""}, {"A": "1"}, True),
        ({"A": "1", "E": ""}, {"A": "1", "E": ""}, False),
        ({"A": "1", "E": ""}, {"A": "1", "F": ""}, False),  # ECS keeps them: a new revision is registered
        ({"A": "2", "E": ""}, {"A": "1"}, False),
        ({"A": "1"}, {"A": "1"}, False),
    ],
)
def test_a_variable_without_a_value_that_aws_does_not_show_deploys_nothing_and_is_told(want, shown, warned):
    told = [*KIND.warn(definition(container(environment=want)), live(app=container(environment=shown)))]
    assert bool(told) is warned
    assert all(words.startswith("E in web has no value, and AWS shows no such variable") for words in told)


def test_an_empty_variable_that_aws_dropped_registers_nothing():
    want, now = (container(environment=env) for env in ({"A": "1", "E": ""}, {"A": "1"}))
    assert required_change(KIND, definition(want), live(app=now)) == ((), ())
    another = container(environment={"A": "2"})
    (diff,), (register,) = required_change(KIND, definition(want), live(app=another))
    assert diff.field == "containers"
    assert register.params["containerDefinitions"][0]["environment"] == [
        {"name": "A", "value": "1"},
        {"name": "E", "value": ""},
    ]
