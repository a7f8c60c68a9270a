from typing import Any

import pytest
from botocore.exceptions import ClientError

ECR = "123456789012.dkr.ecr.us-east-1.amazonaws.com/repo:latest"
LOGS = {"logDriver": "awslogs", "options": {"awslogs-group": "g", "awslogs-region": "us-east-1"}}


@pytest.fixture
def ecs(client: Any) -> Any:
    return client("ecs")


def register(ecs: Any, *, family: str = "f", container: dict[str, Any] | None = None, **fields: Any) -> Any:
    wanted = {
        "family": family,
        "containerDefinitions": [{"name": "app", "image": "nginx", **(container or {})}],
        "requiresCompatibilities": ["FARGATE"],
        "networkMode": "awsvpc",
        "cpu": "256",
        "memory": "512",
    }
    return ecs.register_task_definition(**wanted | fields)


def code_and_words(refused: pytest.ExceptionInfo[ClientError]) -> tuple[str, str]:
    error = refused.value.response["Error"]
    return error["Code"], error["Message"]


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"cpu": "256", "memory": "4096"}, "No Fargate configuration exists for given values"),
        ({"cpu": "256", "memory": "1536"}, "No Fargate configuration exists for given values"),
        ({"cpu": "300", "memory": "512"}, "No Fargate configuration exists for given values"),
        ({"cpu": "8192", "memory": "17408"}, "No Fargate configuration exists for given values"),
        ({"networkMode": "bridge"}, "Fargate only supports network mode"),
        ({"container": {"image": ECR}}, "execution role ARN to support ECR images"),
        ({"container": {"logConfiguration": LOGS}}, "execution role ARN to support log driver awslogs"),
        ({"container": {"essential": False}}, "at least one essential container"),
        ({"container": {"memory": 1024}}, "more than the task has"),
        (
            {"container": {"portMappings": [{"containerPort": 80, "hostPort": 81}]}},
            "host ports and container ports",
        ),
        ({"family": "a b"}, "Family contains invalid characters"),
    ],
)
def test_what_fargate_cannot_run_is_refused(ecs: Any, fields: dict[str, Any], words: str) -> None:
    with pytest.raises(ClientError) as refused:
        register(ecs, **fields)
    code, message = code_and_words(refused)
    assert code == "ClientException"
    assert words in message


@pytest.mark.parametrize("letter", ["x", "ü", '"'])  # of one byte, and of two in UTF-8 or in JSON
def test_a_task_definition_has_at_most_64_kib(ecs: Any, letter: str) -> None:
    def environment(size: int) -> dict[str, Any]:
        return {"environment": [{"name": "BIG", "value": letter * size}]}

    bytes_of_letter = 1 if letter == "x" else 2
    register(ecs, container=environment(65_000 // bytes_of_letter))
    with pytest.raises(ClientError) as refused:
        register(ecs, container=environment(65_536 // bytes_of_letter))
    code, message = code_and_words(refused)
    assert code == "ClientException"
    assert message.endswith("Max allowed length is '65536' bytes.")


def test_an_empty_list_of_tags_is_refused(ecs: Any) -> None:
    with pytest.raises(ClientError, match="Tags can not be empty"):
        register(ecs, tags=[])


def test_what_nobody_sent_is_filled_in(ecs: Any) -> None:
    environment = [{"name": "A", "value": "1"}, {"name": "B", "value": "2"}]
    ports = [{"containerPort": 8080}, {"containerPort": 2000, "protocol": "udp"}]
    check = {"command": ["CMD", "true"]}
    sent = {"portMappings": ports, "environment": environment, "healthCheck": check}
    told = register(ecs, container=sent)["taskDefinition"]["containerDefinitions"][0]
    assert told["portMappings"] == [
        {"containerPort": 2000, "hostPort": 2000, "protocol": "udp"},
        {"containerPort": 8080, "hostPort": 8080, "protocol": "tcp"},
    ]
    assert (told["essential"], told["cpu"], told["systemControls"]) == (True, 0, [])
    assert (told["mountPoints"], told["volumesFrom"]) == ([], [])
    assert told["healthCheck"] == {**check, "interval": 30, "timeout": 5, "retries": 3}
    assert {e["name"]: e["value"] for e in told["environment"]} == {"A": "1", "B": "2"}
    assert register(ecs)["taskDefinition"]["containerDefinitions"][0]["environment"] == []


def test_lists_come_back_in_another_order_and_what_waits_in_its_own(ecs: Any) -> None:
    """As recorded: containers, environment, ports; dependsOn and mountPoints keep theirs."""
    waits = [{"containerName": name, "condition": "START"} for name in ("b", "a")]
    mounts = [{"sourceVolume": name, "containerPath": f"/{name}"} for name in ("v", "u")]
    app = {"name": "app", "image": "nginx", "dependsOn": waits, "mountPoints": mounts}
    app["environment"] = [{"name": name, "value": ""} for name in "ABC"]
    others = [{"name": name, "image": "nginx"} for name in "ab"]
    volumes = [{"name": "v"}, {"name": "u"}]
    both = ["FARGATE", "EC2"]
    fields = {"containerDefinitions": [app, *others], "volumes": volumes, "requiresCompatibilities": both}
    told = register(ecs, **fields)["taskDefinition"]
    again = ecs.describe_task_definition(taskDefinition="f")["taskDefinition"]
    assert again["containerDefinitions"] == told["containerDefinitions"]
    *_, first = told["containerDefinitions"]
    assert [c["name"] for c in told["containerDefinitions"]] == ["b", "a", "app"]
    assert [e["name"] for e in first["environment"]] == ["C", "B", "A"]
    assert (first["dependsOn"], first["mountPoints"]) == (waits, mounts)
    assert told["volumes"] == [{"name": "v", "host": {}}, {"name": "u", "host": {}}]
    assert told["requiresCompatibilities"] == ["EC2", "FARGATE"]
    assert first["versionConsistency"] == "enabled"


def test_sizes_in_words_become_units(ecs: Any) -> None:
    told = register(ecs, cpu=".25 vCPU", memory="0.5GB")["taskDefinition"]
    assert (told["cpu"], told["memory"]) == ("256", "512")


def test_the_answer_carries_the_tags(ecs: Any) -> None:
    tags = [{"key": "k", "value": "v"}]
    answer = register(ecs, tags=tags)
    assert answer["tags"] == tags
    arn = answer["taskDefinition"]["taskDefinitionArn"]
    assert ecs.describe_task_definition(taskDefinition=arn, include=["TAGS"])["tags"] == tags


def test_a_revision_number_is_never_used_twice(ecs: Any) -> None:
    arn = register(ecs)["taskDefinition"]["taskDefinitionArn"]
    ecs.deregister_task_definition(taskDefinition=arn)
    ecs.delete_task_definitions(taskDefinitions=[arn])
    assert register(ecs)["taskDefinition"]["revision"] == 2


def test_a_deregistered_revision_can_be_described_and_is_listed_as_inactive(ecs: Any) -> None:
    arns = [register(ecs)["taskDefinition"]["taskDefinitionArn"] for _ in range(3)]
    ecs.deregister_task_definition(taskDefinition=arns[2])
    assert ecs.describe_task_definition(taskDefinition=arns[2])["taskDefinition"]["status"] == "INACTIVE"
    assert ecs.describe_task_definition(taskDefinition="f")["taskDefinition"]["taskDefinitionArn"] == arns[1]
    assert ecs.list_task_definitions(familyPrefix="f")["taskDefinitionArns"] == arns[:2]
    assert ecs.list_task_definitions(familyPrefix="f", sort="DESC")["taskDefinitionArns"] == arns[1::-1]
    assert ecs.list_task_definitions(status="INACTIVE")["taskDefinitionArns"] == arns[2:]


def test_a_family_prefix_is_a_whole_family_for_revisions_and_a_prefix_for_families(ecs: Any) -> None:
    register(ecs, family="f")
    other = register(ecs, family="f-2")["taskDefinition"]["taskDefinitionArn"]
    assert len(ecs.list_task_definitions(familyPrefix="f")["taskDefinitionArns"]) == 1
    ecs.deregister_task_definition(taskDefinition=other)
    assert ecs.list_task_definition_families(familyPrefix="f")["families"] == ["f", "f-2"]
    assert ecs.list_task_definition_families(familyPrefix="f", status="ACTIVE")["families"] == ["f"]
    assert ecs.list_task_definition_families(familyPrefix="f", status="INACTIVE")["families"] == ["f-2"]


def test_an_active_revision_is_not_deleted(ecs: Any) -> None:
    arn = register(ecs)["taskDefinition"]["taskDefinitionArn"]
    failures = ecs.delete_task_definitions(taskDefinitions=[arn])["failures"]
    assert [f["arn"] for f in failures] == [arn]
    assert ecs.describe_task_definition(taskDefinition=arn)["taskDefinition"]["status"] == "ACTIVE"


def test_a_deleted_revision_is_gone(ecs: Any) -> None:
    arn = register(ecs)["taskDefinition"]["taskDefinitionArn"]
    ecs.deregister_task_definition(taskDefinition=arn)
    deleted = ecs.delete_task_definitions(taskDefinitions=[arn])["taskDefinitions"]
    assert [d["status"] for d in deleted] == ["DELETE_IN_PROGRESS"]
    assert ecs.list_task_definition_families(familyPrefix="f")["families"] == []
    with pytest.raises(ClientError, match="Unable to describe task definition"):
        ecs.describe_task_definition(taskDefinition=arn)


def test_what_a_definition_uses_is_told_as_attributes_that_it_requires(ecs: Any) -> None:
    role = "arn:aws:iam::123456789012:role/execution"
    container = {"image": ECR, "logConfiguration": LOGS}
    told = register(ecs, container=container, executionRoleArn=role)["taskDefinition"]
    assert {attribute["name"] for attribute in told["requiresAttributes"]} == {
        "com.amazonaws.ecs.capability.docker-remote-api.1.18",
        "com.amazonaws.ecs.capability.docker-remote-api.1.19",
        "com.amazonaws.ecs.capability.ecr-auth",
        "com.amazonaws.ecs.capability.logging-driver.awslogs",
        "ecs.capability.execution-role-awslogs",
        "ecs.capability.execution-role-ecr-pull",
        "ecs.capability.task-eni",
    }
    described = ecs.describe_task_definition(taskDefinition="f")["taskDefinition"]
    assert described["requiresAttributes"] == told["requiresAttributes"]
