from typing import Any

import pytest
from botocore.exceptions import ClientError
from makers import code_of
from stage import Stage

from reconciler.sandbox import CALM, Clock, Profile, install

SLOW = Profile("slow", task_start=30, task_stop=10, interface_lingers=300)
LOGGING = {
    "logDriver": "awslogs",
    "options": {"awslogs-group": "/app", "awslogs-region": "us-east-1", "awslogs-stream-prefix": "one"},
}


@pytest.fixture
def stage(client: Any) -> Stage:
    return Stage(client)


def run(stage: Stage, **fields: Any) -> Any:
    """Run tasks of family `t` on Fargate, and return them."""
    call = {"cluster": "c", "taskDefinition": "t", "networkConfiguration": stage.network, **fields}
    if "capacityProviderStrategy" not in call:
        call["launchType"] = "FARGATE"
    return stage.ecs.run_task(**call)["tasks"]


def described(stage: Stage, task: Any) -> Any:
    (told,) = stage.ecs.describe_tasks(cluster="c", tasks=[task["taskArn"]], include=["TAGS"])["tasks"]
    return told


def interfaces(stage: Stage) -> list[Any]:
    filters = [{"Name": "requester-id", "Values": ["amazon-ecs"]}]
    return list(stage.ec2.describe_network_interfaces(Filters=filters)["NetworkInterfaces"])


def test_a_task_passes_through_its_statuses_with_its_interface(stage: Stage, clock: Clock) -> None:
    install(SLOW, clock=clock)
    (task,) = run(stage)
    seen = [(task["lastStatus"], task["attachments"][0]["status"])]
    for seconds in (10, 20):
        clock.advance(seconds)
        told = described(stage, task)
        seen.append((told["lastStatus"], told["attachments"][0]["status"]))
    clock.advance(1)
    answer = stage.ecs.stop_task(cluster="c", task=task["taskArn"], reason="enough")["task"]
    assert (answer["lastStatus"], answer["desiredStatus"]) == ("RUNNING", "STOPPED")
    for seconds in (0, 5, 5):
        clock.advance(seconds)
        told = described(stage, task)
        seen.append((told["lastStatus"], told["attachments"][0]["status"]))
    assert seen == [
        ("PROVISIONING", "PRECREATED"),
        ("PENDING", "ATTACHED"),
        ("RUNNING", "ATTACHED"),
        ("STOPPING", "ATTACHED"),
        ("DEPROVISIONING", "DETACHING"),
        ("STOPPED", "DELETED"),
    ]
    assert (told["stopCode"], told["stoppedReason"]) == ("UserInitiated", "enough")
    assert told["createdAt"] < told["startedAt"] < told["stoppingAt"] < told["stoppedAt"]
    assert len(interfaces(stage)) == 1
    clock.advance(300)
    assert interfaces(stage) == []


@pytest.mark.parametrize(
    ("environment", "code", "exit_code"),
    [
        ({"SANDBOX_EXIT": "0"}, "EssentialContainerExited", 0),
        ({"SANDBOX_EXIT": "3"}, "EssentialContainerExited", 3),
        ({"SANDBOX_FAIL": "exit"}, "EssentialContainerExited", 1),
        ({"SANDBOX_FAIL": "pull"}, "TaskFailedToStart", None),
    ],
)
def test_a_task_ends_as_its_environment_asks(
    stage: Stage, environment: dict[str, str], code: str, exit_code: int | None
) -> None:
    variables = [{"name": name, "value": value} for name, value in environment.items()]
    overrides = {"containerOverrides": [{"name": "app", "environment": variables}]}
    told = described(stage, run(stage, overrides=overrides)[0])
    assert (told["lastStatus"], told["stopCode"]) == ("STOPPED", code)
    assert told["containers"][0].get("exitCode") == exit_code
    assert ("startedAt" in told) == (exit_code is not None)
    assert interfaces(stage) == []


def test_stopped_tasks_are_told_for_an_hour(stage: Stage, clock: Clock) -> None:
    (task,) = run(stage)
    stage.ecs.stop_task(cluster="c", task=task["taskArn"])
    clock.advance(3600)
    assert stage.ecs.list_tasks(cluster="c", desiredStatus="STOPPED")["taskArns"] == [task["taskArn"]]
    clock.advance(1)
    failure = {"arn": task["taskArn"], "reason": "MISSING"}
    assert stage.ecs.describe_tasks(cluster="c", tasks=[task["taskArn"]])["failures"] == [failure]


def test_a_cluster_with_a_running_task_is_not_deleted(stage: Stage) -> None:
    (task,) = run(stage)
    with pytest.raises(ClientError) as refused:
        stage.ecs.delete_cluster(cluster="c")
    assert code_of(refused) == "ClusterContainsTasksException"
    stage.ecs.stop_task(cluster="c", task=task["taskArn"])
    assert stage.ecs.delete_cluster(cluster="c")["cluster"]["status"] == "INACTIVE"


def test_one_token_runs_tasks_once(stage: Stage, clock: Clock) -> None:
    first = run(stage, count=2, clientToken="token")
    again = run(stage, count=2, clientToken="token")
    assert [task["taskArn"] for task in again] == [task["taskArn"] for task in first]
    clock.advance(24 * 3600)
    assert run(stage, count=2, clientToken="token")[0]["taskArn"] != first[0]["taskArn"]


def test_tasks_are_found_by_family_starter_and_service_in_pages(stage: Stage) -> None:
    stage.service(desiredCount=1)
    own = {task["taskArn"] for task in run(stage, count=2, startedBy="me")}
    every = stage.ecs.get_paginator("list_tasks").paginate(cluster="c", family="t", maxResults=2)
    assert [len(page["taskArns"]) for page in every] == [2, 1]
    assert set(stage.ecs.list_tasks(cluster="c", startedBy="me")["taskArns"]) == own
    assert not own & set(stage.ecs.list_tasks(cluster="c", serviceName="s")["taskArns"])
    assert stage.ecs.list_tasks(cluster="c", launchType="EC2")["taskArns"] == []


def test_tags_overrides_and_provider_are_told(stage: Stage) -> None:
    sent = {"containerOverrides": [{"name": "app", "command": ["migrate"]}], "cpu": "512", "memory": "1024"}
    task = run(
        stage,
        overrides=sent,
        tags=[{"key": "a", "value": "b"}],
        enableECSManagedTags=True,
        capacityProviderStrategy=[{"capacityProvider": "FARGATE_SPOT", "weight": 1}],
    )[0]
    told = described(stage, task)
    assert {t["key"]: t["value"] for t in told["tags"]} == {"a": "b", "aws:ecs:clusterName": "c"}
    assert told["overrides"]["containerOverrides"] == sent["containerOverrides"]
    assert (told["cpu"], told["memory"], told["group"]) == ("512", "1024", "family:t")
    assert told["capacityProviderName"] == "FARGATE_SPOT"


def test_without_groups_a_task_has_the_default_group(stage: Stage) -> None:
    network = {"awsvpcConfiguration": {"subnets": stage.subnets, "assignPublicIp": "ENABLED"}}
    run(stage, networkConfiguration=network)
    assert [group["GroupName"] for group in interfaces(stage)[0]["Groups"]] == ["default"]


def test_containers_write_where_the_log_driver_sends_them(stage: Stage, client: Any, clock: Clock) -> None:
    logs = client("logs")
    logs.create_log_group(logGroupName="/app")
    stage.register([{"name": "app", "image": "nginx", "command": ["serve"], "logConfiguration": LOGGING}])
    clock.advance(3600)
    (task,) = run(stage)
    clock.advance(60)
    stage.ecs.stop_task(cluster="c", task=task["taskArn"])
    stream = f"one/app/{task['taskArn'].rpartition('/')[2]}"
    assert [s["logStreamName"] for s in logs.describe_log_streams(logGroupName="/app")["logStreams"]] == [
        stream
    ]
    events = logs.filter_log_events(logGroupName="/app", logStreamNamePrefix="one/app")["events"]
    assert [e["message"].split(":")[0] for e in events] == ["started", "command", "stopped by SIGTERM"]
    assert events[-1]["timestamp"] - events[0]["timestamp"] == 60_000
    assert events[0]["timestamp"] == int(task["createdAt"].timestamp() * 1000)


def test_a_session_leads_nowhere(stage: Stage, client: Any) -> None:
    document = '{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "ssmmessages:*", "Resource": "*"}]}'
    stage.iam.put_role_policy(RoleName="execution", PolicyName="exec", PolicyDocument=document)
    overrides = {"taskRoleArn": "arn:aws:iam::123456789012:role/execution"}
    (task,) = run(stage, overrides=overrides, enableExecuteCommand=True)
    told = described(stage, task)["containers"][0]
    assert told["managedAgents"][0]["lastStatus"] == "RUNNING"
    assert told["runtimeId"].startswith(task["taskArn"].rpartition("/")[2])
    opened = stage.ecs.execute_command(cluster="c", task=task["taskArn"], command="sh", interactive=True)
    assert opened["containerName"] == "app"
    assert "//ssmmessages.sandbox.invalid/" in opened["session"]["streamUrl"]


def test_a_protected_task_outlives_a_scale_in(stage: Stage, clock: Clock) -> None:
    stage.service()
    protected = stage.running()[1]["taskArn"]
    stage.ecs.update_task_protection(cluster="c", tasks=[protected], protectionEnabled=True, expiresInMinutes=5)
    stage.update(desiredCount=0)
    assert [task["taskArn"] for task in stage.running()] == [protected]
    clock.advance(300)
    assert stage.running() == []
    (task,) = run(stage)
    answer = stage.ecs.update_task_protection(cluster="c", tasks=[task["taskArn"]], protectionEnabled=True)
    assert answer["failures"] == [{"arn": task["taskArn"], "reason": "TASK_NOT_VALID"}]


@pytest.mark.parametrize(("fail", "health"), [("", "HEALTHY"), ("health", "UNHEALTHY")])
def test_a_task_with_a_health_check_tells_its_health(
    stage: Stage, clock: Clock, fail: str, health: str
) -> None:
    install(Profile("checked", target_healthy=60), clock=clock)
    check = {"command": ["CMD-SHELL", "true"], "interval": 20}
    variables = [{"name": "SANDBOX_FAIL", "value": fail}]
    stage.register([{"name": "app", "image": "nginx", "healthCheck": check, "environment": variables}])
    (task,) = run(stage)
    assert described(stage, task)["healthStatus"] == "UNKNOWN"
    clock.advance(20)
    told = described(stage, task)
    assert (told["healthStatus"], told["containers"][0]["healthStatus"]) == (health, health)
    assert told["lastStatus"] == "RUNNING"
    install(CALM, clock=clock)
