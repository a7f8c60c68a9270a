"""Task definitions that ECS refuses to register."""

from typing import Any

import pytest
from botocore.exceptions import ClientError
from makers import client_of

FARGATE = {"requiresCompatibilities": ["FARGATE"], "networkMode": "awsvpc", "cpu": "256", "memory": "512"}
ROLE = {"executionRoleArn": "arn:aws:iam::123456789012:role/r"}
APP = {"name": "app", "image": "nginx"}
OTHER = {"name": "other", "image": "nginx"}
HIDDEN = {"name": "S", "valueFrom": "parameter"}


def container(**fields: Any) -> dict[str, Any]:
    return {"containerDefinitions": [{**APP, **fields}]}


def waits(condition: str, *, target: str = "other", **other: Any) -> dict[str, Any]:
    app = {**APP, "dependsOn": [{"containerName": target, "condition": condition}]}
    return {"containerDefinitions": [app, {**OTHER, **other}]}


def ports(*mappings: dict[str, Any], **fields: Any) -> dict[str, Any]:
    return container(portMappings=[*mappings], **fields)


def health(**fields: Any) -> dict[str, Any]:
    return container(healthCheck={"command": ["CMD", "true"], **fields})


def ulimits(name: str, soft: int, hard: int) -> dict[str, Any]:
    return container(ulimits=[{"name": name, "softLimit": soft, "hardLimit": hard}])


def env_files(*arns: str) -> dict[str, Any]:
    return container(environmentFiles=[{"value": arn, "type": "s3"} for arn in arns])


def on_ec2(**fields: Any) -> dict[str, Any]:
    return {"requiresCompatibilities": ["EC2"], "networkMode": "bridge", **container(**fields)}


BACK = [{"containerName": "app", "condition": "START"}]
REFUSED: list[tuple[str, dict[str, Any]]] = [
    ("which does not exist", waits("START", target="absent")),
    ("circular", waits("START", target="app")),
    ("circular", waits("START", dependsOn=BACK)),
    ("must have a health check", waits("HEALTHY")),
    ("cannot be an essential container", waits("SUCCESS")),
    ("cannot be an essential container", waits("COMPLETE")),
    ("Log driver json-file is not supported", container(logConfiguration={"logDriver": "json-file"})),
    ("requires options: awslogs-group", {**ROLE, **container(logConfiguration={"logDriver": "awslogs"})}),
    ("with the extension .env", {**ROLE, **env_files("arn:aws:s3:::b/web.txt")}),
    ("at most 10 environment files", {**ROLE, **env_files(*["arn:aws:s3:::b/web.env"] * 11)}),
    ("to support environment files", env_files("arn:aws:s3:::b/web.env")),
    ("more than its hard limit", ulimits("nofile", 2, 1)),
    ("Invalid capability 'RAW'", container(linuxParameters={"capabilities": {"drop": ["RAW"]}})),
    ("at least 21", {"ephemeralStorage": {"sizeInGiB": 20}}),
    ("at most 200", {"ephemeralStorage": {"sizeInGiB": 201}}),
    ("duplicate values", {"containerDefinitions": [APP, APP]}),
    ("invalid characters", container(name="a b")),
    ("invalid characters", container(name="a" * 256)),
    ("Container.image should not be null", {"containerDefinitions": [{"name": "app"}]}),
    ("cannot be empty", {"containerDefinitions": []}),
    ("more than one port mapping", ports({"containerPort": 80}, {"containerPort": 80})),
    ("between 1 and 65535", ports({"containerPort": 65536})),
    ("Unknown volume 'v'", container(mountPoints=[{"sourceVolume": "v", "containerPath": "/v"}])),
    ("Unknown container 'absent'", container(volumesFrom=[{"sourceContainer": "absent"}])),
    ("duplicate values", {"volumes": [{"name": "v"}, {"name": "v"}]}),
    ("host.sourcePath should not be set", {"volumes": [{"name": "v", "host": {"sourcePath": "/v"}}]}),
    ("interval must be between 5 and 300", health(interval=4)),
    ("timeout must be between 2 and 60", health(timeout=61)),
    ("retries must be between 1 and 10", health(retries=11)),
    ("startPeriod must be between 0 and 300", health(startPeriod=301)),
    ("command should not be null", health(command=[])),
    ("stopTimeout must be at most 120", container(stopTimeout=121)),
    ("do not support privileged", container(privileged=True)),
    ("Links are not supported", container(links=["other"])),
    ("Extra hosts are not supported", container(extraHosts=[{"hostname": "h", "ipAddress": "10.0.0.1"}])),
    (
        "do not support capability NET_ADMIN",
        container(linuxParameters={"capabilities": {"add": ["NET_ADMIN"]}}),
    ),
    ("do not support GPU", container(resourceRequirements=[{"type": "GPU", "value": "1"}])),
    ("do not support ipcMode", {"ipcMode": "task"}),
    ("do not support pidMode 'host'", {"pidMode": "host"}),
    (
        "do not support placementConstraints",
        {"placementConstraints": [{"type": "memberOf", "expression": "x"}]},
    ),
    ("only supports network mode", {"networkMode": "host"}),
    ("'memory' be defined at the task level", {"memory": None}),
    ("Invalid setting for task", {"cpu": "much"}),
    ("No Fargate configuration", {"runtimePlatform": {"operatingSystemFamily": "WINDOWS_SERVER_2022_CORE"}}),
    ("The total memory", {"containerDefinitions": [{**APP, "memory": 300}, {**OTHER, "memory": 300}]}),
    ("The total cpu", {"containerDefinitions": [{**APP, "cpu": 200}, {**OTHER, "cpu": 200}]}),
    ("must be greater than 'memoryReservation'", container(memory=100, memoryReservation=200)),
    ("at least 6 MiB", container(memory=5)),
    ("support secrets", container(secrets=[HIDDEN])),
    ("Invalid secret 'S'", {**ROLE, **container(secrets=[{"name": "S", "valueFrom": ""}])}),
    ("Invalid secret 'S'", {**ROLE, **container(secrets=[{"name": "S", "valueFrom": "arn:aws:s3:::b"}])}),
    ("must be unique", {**ROLE, **container(secrets=[HIDDEN], environment=[{"name": "S", "value": ""}])}),
    ("Too many containers", {"containerDefinitions": [{**APP, "name": f"c{n}"} for n in range(11)]}),
    ("Family contains invalid characters", {"family": "f" * 256}),
    ("Role is not valid", {"taskRoleArn": "no role!"}),
    ("At least one of 'memory' or 'memoryReservation'", {**on_ec2(), "cpu": None, "memory": None}),
    (
        "hostPort 80/tcp",
        on_ec2(portMappings=[{"containerPort": port, "hostPort": 80} for port in (80, 81)]),
    ),
]
INVALID: list[tuple[str, dict[str, Any]]] = [  # of another code: InvalidParameterException
    ("Tags can not be empty", {"tags": []}),
    ("begin with 'aws:'", {"tags": [{"key": "aws:k", "value": "v"}]}),
    ("less than or equal to 50", {"tags": [{"key": str(n), "value": ""} for n in range(51)]}),
    ("Duplicate tag keys", {"tags": [{"key": "k", "value": ""}] * 2}),
    ("less than or equal to 128", {"tags": [{"key": "k" * 129, "value": ""}]}),
    ("type should be one of [s3]", {**ROLE, **container(environmentFiles=[{"value": "a", "type": "x"}])}),
    ("name should be one of [core,", ulimits("files", 1, 2)),
    ("networkMode should be one of", {"networkMode": "bad"}),
    ("condition should be one of", waits("BAD")),
    ("cpuArchitecture should be one of", {"runtimePlatform": {"cpuArchitecture": "BAD"}}),
]
ACCEPTED: list[dict[str, Any]] = [
    waits("SUCCESS", essential=False),
    waits("HEALTHY", healthCheck={"command": ["CMD", "true"]}),
    {"ephemeralStorage": {"sizeInGiB": 21}},
    ports({"containerPort": 80}, {"containerPort": 80, "protocol": "udp"}),
    container(stopTimeout=120, memory=512, cpu=256),
    {"pidMode": "task", "volumes": [{"name": "v"}]},
    {"cpu": "1024", "memory": "2048", "runtimePlatform": {"operatingSystemFamily": "WINDOWS_SERVER_2022_CORE"}},
]


def register(fields: dict[str, Any]) -> Any:
    wanted = {"family": "f", **FARGATE, **container(), **fields}
    return client_of("ecs").register_task_definition(**{k: v for k, v in wanted.items() if v is not None})


def test_a_definition_that_no_task_could_run_is_refused(aws: object) -> None:
    wrong = []
    for code, table in (("ClientException", REFUSED), ("InvalidParameterException", INVALID)):
        for words, fields in table:
            with pytest.raises(ClientError) as refused:
                register(fields)
            error = refused.value.response["Error"]
            if error["Code"] != code or words not in error["Message"]:
                wrong.append((words, error))
    assert not wrong


@pytest.mark.parametrize("fields", ACCEPTED)
def test_and_one_that_a_task_could_run_is_registered(aws: object, fields: dict[str, Any]) -> None:
    assert register(fields)["taskDefinition"]["status"] == "ACTIVE"
