from typing import Any

import pytest
from services import URI, container

from reconciler.model.references import Ref, resolve
from reconciler.resources.task_definition.container_definitions import PARAMETERS, encode_container, from_aws
from reconciler.resources.task_definition.containers import Container, ContainerHealthCheck, Port, Ulimit

LOGGED = {
    "logDriver": "awslogs",
    "options": {"awslogs-group": "/g", "awslogs-region": "us-east-1", "awslogs-stream-prefix": "web"},
}
PLAIN = {"name": "web", "image": "app:1"}
FILLED = {  # by ECS, of what nobody sent
    "cpu": 0,
    "essential": True,
    "portMappings": [],
    "environment": [],
    "secrets": [],
    "command": [],
    "mountPoints": [],
    "volumesFrom": [],
    "systemControls": [],
    "dependsOn": None,
    "readonlyRootFilesystem": False,
    "entryPoint": [],
    "user": "",
    "workingDirectory": "",
    "stopTimeout": 30,
    "ulimits": [],
    "linuxParameters": {"capabilities": {"add": [], "drop": []}, "devices": [], "initProcessEnabled": False},
    "versionConsistency": "enabled",
}


def read(**fields: Any) -> Any:
    return from_aws({**PLAIN, **fields})


def test_what_ecs_fills_in_says_nothing():
    assert read(**FILLED) == read()
    assert read(**FILLED).others == {}


@pytest.mark.parametrize(
    ("one", "same"),
    [
        (
            {"environment": [{"name": "A", "value": "1"}, {"name": "B", "value": "2"}]},
            {
                "environment": [
                    {"name": "B", "value": "2"},
                    {"name": "C", "value": None},
                    {"name": "A", "value": "1"},
                ]
            },
        ),
        (
            {"portMappings": [{"containerPort": 80}, {"containerPort": 53, "protocol": "udp"}]},
            {
                "portMappings": [
                    {"containerPort": 53, "hostPort": 53, "protocol": "udp"},
                    {"containerPort": 80, "hostPort": 0, "protocol": "tcp"},
                ]
            },
        ),
        (
            {"healthCheck": {"command": ["CMD", "true"]}},
            {"healthCheck": {"command": ["CMD", "true"], "interval": 30, "timeout": 5, "retries": 3}},
        ),
        (
            {"linuxParameters": {"capabilities": {"drop": ["MKNOD", "AUDIT_WRITE"]}}},
            {"linuxParameters": {"capabilities": {"drop": ["AUDIT_WRITE", "MKNOD"]}, "tmpfs": []}},
        ),
        (
            {"logConfiguration": LOGGED},
            {"logConfiguration": {**LOGGED, "secretOptions": [], "options": dict(LOGGED["options"])}},
        ),
    ],
    ids=["environment", "ports", "health check", "capabilities", "logs"],
)
def test_order_and_defaults_are_no_difference(one: dict[str, Any], same: dict[str, Any]):
    assert read(**one) == read(**same)


def test_the_order_of_a_command_is_one():
    assert read(command=["a", "b"]) != read(command=["b", "a"])


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"startTimeout": 30}, {"startTimeout": "30"}),
        (
            {"linuxParameters": {"capabilities": {"add": ["SYS_PTRACE"], "drop": ["ALL"]}, "devices": []}},
            {"linuxParameters": '{"capabilities": {"add": ["SYS_PTRACE"]}}'},
        ),
        ({"memoryReservation": 64}, {"memoryReservation": "64"}),
        ({"versionConsistency": "disabled"}, {"versionConsistency": '"disabled"'}),
        (
            {"portMappings": [{"containerPort": 80, "name": "http"}]},
            {"portMappings": '[{"containerPort": 80, "name": "http"}]'},
        ),
        (
            {"portMappings": [{"containerPort": 80, "hostPort": 8080}]},
            {"portMappings": '[{"containerPort": 80, "hostPort": 8080}]'},
        ),
        ({"logConfiguration": {"logDriver": "splunk"}}, {"logConfiguration": '{"logDriver": "splunk"}'}),
        (
            {
                "logConfiguration": {
                    **LOGGED,
                    "options": LOGGED["options"] | {"mode": "non-blocking"},  # type: ignore[operator]
                }
            },
            {"logConfiguration": '{"options": {"mode": "non-blocking"}}'},
        ),
        (
            {"logConfiguration": {**LOGGED, "secretOptions": [{"name": "key", "valueFrom": "arn"}]}},
            {"logConfiguration": '{"secretOptions": [{"name": "key", "valueFrom": "arn"}]}'},
        ),
    ],
)
def test_what_no_field_shows_is_kept_as_another_thing(fields: dict[str, Any], told: dict[str, str]):
    assert read(**fields).others == told


@pytest.mark.parametrize(
    ("name", "items"),
    [("links", ["b:x", "a:y"]), ("volumesFrom", [{"sourceContainer": "b"}, {"sourceContainer": "a"}])],
)
def test_what_ecs_tells_in_another_order_is_the_same(name: str, items: list[Any]):
    assert read(**{name: items}).others == read(**{name: items[::-1]}).others


EVERY_FIELD = container(
    image=f"{URI}:v1",
    cpu=32,
    memory=128,
    essential=False,
    environment_files=("arn:aws:s3:::b/2.env", "arn:aws:s3:::b/1.env"),
    secrets={"TOKEN": "arn:secret"},
    entry_point=("/tini", "--"),
    command=("serve", "--now"),
    user="app:staff",
    working_directory="/srv",
    readonly_root_filesystem=True,
    init_process=True,
    stop_timeout=60,
    ulimits={"nofile": Ulimit(soft=9000, hard=9999)},
    dropped_capabilities={"NET_RAW", "CHOWN"},
    ports={Port(container_port=8080), Port(container_port=2000, protocol="udp")},
    log_group=Ref("log_group", "/g", "id", by_id=True),
    health_check=ContainerHealthCheck(command=("CMD", "true"), start_period=5),
)
NO_FIELD = Container(image="app:1")
FIELDS = sorted(Container.model_fields.keys() - {"others"})


def test_a_container_is_sent_as_it_is_read():
    sent = resolve(encode_container("web", EVERY_FIELD), lambda ref: ref.name)
    assert from_aws(sent) == EVERY_FIELD


def test_a_container_is_sent_in_the_parameters_of_ecs():
    assert resolve(encode_container("web", EVERY_FIELD), lambda ref: ref.name) == {
        "name": "web",
        "image": f"{URI}:v1",
        "cpu": 32,
        "memory": 128,
        "essential": False,
        "portMappings": [
            {"containerPort": 2000, "protocol": "udp"},
            {"containerPort": 8080, "protocol": "tcp"},
        ],
        "environment": [{"name": "SERVICE_NAME", "value": "web"}],
        "environmentFiles": [
            {"value": "arn:aws:s3:::b/2.env", "type": "s3"},
            {"value": "arn:aws:s3:::b/1.env", "type": "s3"},
        ],
        "secrets": [{"name": "TOKEN", "valueFrom": "arn:secret"}],
        "entryPoint": ["/tini", "--"],
        "command": ["serve", "--now"],
        "user": "app:staff",
        "workingDirectory": "/srv",
        "readonlyRootFilesystem": True,
        "linuxParameters": {"initProcessEnabled": True, "capabilities": {"drop": ["CHOWN", "NET_RAW"]}},
        "stopTimeout": 60,
        "ulimits": [{"name": "nofile", "softLimit": 9000, "hardLimit": 9999}],
        "logConfiguration": LOGGED,
        "healthCheck": {
            "command": ["CMD", "true"],
            "interval": 30,
            "timeout": 5,
            "retries": 3,
            "startPeriod": 5,
        },
    }


@pytest.mark.parametrize("field", FIELDS)
def test_a_field_is_sent_in_exactly_one_parameter(field: str):
    assert getattr(EVERY_FIELD, field) != getattr(NO_FIELD, field)
    without = EVERY_FIELD.model_copy(update={field: getattr(NO_FIELD, field)})
    assert len([p.name for p in PARAMETERS if p.encode(EVERY_FIELD) != p.encode(without)]) == 1


def test_a_field_is_read_from_exactly_one_parameter():
    sent = resolve(encode_container("web", EVERY_FIELD), lambda ref: ref.name)
    assert sorted(f for p in PARAMETERS for f in p.decode(sent.get(p.name))[0]) == FIELDS


def test_log_options_that_nobody_gives_are_not_sent():
    logged = NO_FIELD.model_copy(update={"log_group": EVERY_FIELD.log_group})
    sent = resolve(encode_container("web", logged), lambda ref: ref.name)
    assert sent["logConfiguration"] == {"logDriver": "awslogs", "options": {"awslogs-group": "/g"}}


def test_a_health_check_without_a_command_is_none():
    assert read(healthCheck={"interval": 30}).health_check is None


def test_nothing_is_sent_that_nobody_wants():
    assert encode_container("web", read()) == {"name": "web", "image": "app:1", "essential": True}
