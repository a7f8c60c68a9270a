from typing import Any

import pytest
from stage import Stage

from reconciler.sandbox import Clock, Profile, install

BREAKER = {"deploymentCircuitBreaker": {"enable": True, "rollback": True}}
OPTIONS = {"awslogs-group": "/aws/ecs/app", "awslogs-region": "us-east-1", "awslogs-stream-prefix": "app"}
LOGGING = {"name": "app", "image": "nginx", "logConfiguration": {"logDriver": "awslogs", "options": OPTIONS}}
ABSENT = "123456789012.dkr.ecr.us-east-1.amazonaws.com/absent:latest"


@pytest.fixture
def stage(client: Any) -> Stage:
    return Stage(client)


def primary(stage: Stage) -> Any:
    return stage.described()["deployments"][0]


def test_a_first_deployment_that_fails_stops_and_says_why(stage: Stage) -> None:
    stage.service(taskDefinition=stage.define(image=ABSENT), deploymentConfiguration=BREAKER)
    assert primary(stage)["rolloutState"] == "FAILED"
    assert primary(stage)["rolloutStateReason"] == "ECS deployment circuit breaker: tasks failed to start."
    assert primary(stage)["failedTasks"] == 4
    assert stage.running() == []
    task = stage.stopped()[0]
    assert (task["lastStatus"], task["stopCode"]) == ("STOPPED", "TaskFailedToStart")
    assert task["stoppedReason"].startswith("CannotPullContainerError: ")
    assert f"{ABSENT}: not found" in task["containers"][0]["reason"]
    assert primary(stage)["id"] == task["startedBy"]


@pytest.mark.parametrize(
    ("fail", "code", "words"),
    [
        ("pull", "TaskFailedToStart", "CannotPullContainerError"),
        ("exit", "EssentialContainerExited", "Essential container in task exited"),
        ("health", "ServiceSchedulerInitiated", "Task failed container health checks"),
    ],
)
def test_a_failure_can_be_asked_for(stage: Stage, fail: str, code: str, words: str) -> None:
    stage.service(taskDefinition=stage.define(SANDBOX_FAIL=fail), deploymentConfiguration=BREAKER)
    assert primary(stage)["rolloutState"] == "FAILED"
    assert stage.stopped()[0]["stopCode"] == code
    assert words in stage.stopped()[0]["stoppedReason"]


@pytest.mark.parametrize(
    ("kind", "value", "failed"),
    [("COUNT", 1, 2), ("COUNT", 5, 6), ("BOUNDED_PERCENT", 100, 4), ("UNBOUNDED_PERCENT", 50, 2)],
)
def test_the_breakers_threshold_can_be_chosen(stage: Stage, kind: str, value: int, failed: int) -> None:
    """Two tasks at a time fail here, so that the second of a pair counts too."""
    threshold = {"thresholdConfiguration": {"type": kind, "value": value}}
    breaker = {"deploymentCircuitBreaker": {"enable": True, "rollback": False, **threshold}}
    stage.service(taskDefinition=stage.define(SANDBOX_FAIL="exit"), deploymentConfiguration=breaker)
    assert (primary(stage)["rolloutState"], primary(stage)["failedTasks"]) == ("FAILED", failed)


def test_a_service_without_instances_waits_for_one(stage: Stage) -> None:
    web = {"name": "app", "image": "nginx", "memory": 128}
    stage.ecs.register_task_definition(family="e", containerDefinitions=[web])
    service = {"cluster": "c", "serviceName": "s", "taskDefinition": "e", "desiredCount": 1}
    stage.ecs.create_service(**service, launchType="EC2")
    told = stage.described()
    assert (told["runningCount"], primary(stage)["rolloutState"]) == (0, "IN_PROGRESS")
    assert ["unable to place a task" in event["message"] for event in told["events"]] == [True]


def test_an_exited_container_tells_its_exit_code(stage: Stage) -> None:
    stage.service(taskDefinition=stage.define(SANDBOX_FAIL="exit"), deploymentConfiguration=BREAKER)
    stage.described()
    assert stage.stopped()[0]["containers"][0]["exitCode"] == 1


def test_the_breaker_goes_back_to_the_last_completed_deployment(stage: Stage) -> None:
    good = stage.service(deploymentConfiguration=BREAKER)["deployments"][0]["id"]
    stage.described()
    bad = stage.update(taskDefinition=stage.define(SANDBOX_FAIL="exit"))["deployments"][0]["id"]
    told = stage.described()
    assert told["taskDefinition"] == stage.task_definition
    assert told["deployments"][0]["id"] not in (good, bad)
    assert told["deployments"][0]["rolloutState"] == "COMPLETED"
    assert len(stage.running()) == 2
    assert any(
        f"(deployment {bad}) deployment failed: tasks failed to start." in e["message"] for e in told["events"]
    )
    record = stage.ecs.list_service_deployments(cluster="c", service="s")["serviceDeployments"][0]
    assert record["status"] == "ROLLBACK_SUCCESSFUL"
    assert record["targetServiceRevisionArn"].endswith(bad.removeprefix("ecs-svc/"))


def test_a_rollback_takes_time_and_is_told(stage: Stage, clock: Clock) -> None:
    install(Profile("slow", task_start=30, deployment_settles=15), clock=clock)
    good = stage.service(deploymentConfiguration=BREAKER)["deployments"][0]["id"]
    clock.advance(60)
    assert primary(stage)["rolloutState"] == "COMPLETED"
    stage.update(taskDefinition=stage.define(SANDBOX_FAIL="exit"))
    clock.advance(30)
    assert (primary(stage)["rolloutState"], primary(stage)["failedTasks"]) == ("IN_PROGRESS", 2)
    clock.advance(30)
    rollback, failed, former = stage.described()["deployments"]
    assert (
        rollback["rolloutStateReason"] == f"ECS deployment circuit breaker: rolling back to deploymentId {good}"
    )
    assert (failed["rolloutState"], failed["failedTasks"]) == ("FAILED", 4)
    assert (former["id"], former["runningCount"]) == (good, 2)
    clock.advance(60)
    assert primary(stage)["rolloutStateReason"] == f"ECS deployment {rollback['id']} completed."


def test_with_no_rollback_the_old_tasks_stay_and_the_deployment_is_failed(stage: Stage) -> None:
    stage.service(deploymentConfiguration={"deploymentCircuitBreaker": {"enable": True, "rollback": False}})
    stage.described()
    stage.update(taskDefinition=stage.define(SANDBOX_FAIL="pull"))
    failed, former = stage.described()["deployments"]
    assert (failed["rolloutState"], former["runningCount"]) == ("FAILED", 2)
    stage.update(taskDefinition=stage.task_definition)
    assert [d["rolloutState"] for d in stage.described()["deployments"]] == ["COMPLETED"]


def test_without_a_breaker_it_tries_again_at_longer_intervals(stage: Stage, clock: Clock) -> None:
    stage.service(taskDefinition=stage.define(SANDBOX_FAIL="exit"))
    counts = []
    for _ in range(4):
        counts.append(primary(stage)["failedTasks"])
        clock.advance(60)
    assert counts == sorted(counts)
    assert counts[0] < counts[-1] < 20
    assert primary(stage)["rolloutState"] == "IN_PROGRESS"


def test_tasks_that_fail_after_the_rollout_are_tried_again_and_break_no_circuit(
    stage: Stage, client: Any, clock: Clock
) -> None:
    client("logs").create_log_group(logGroupName="/aws/ecs/app")
    stage.service(taskDefinition=stage.register([LOGGING]), deploymentConfiguration=BREAKER)
    assert primary(stage)["rolloutState"] == "COMPLETED"
    client("logs").delete_log_group(logGroupName="/aws/ecs/app")
    stage.update(desiredCount=4)
    assert (primary(stage)["rolloutState"], primary(stage)["failedTasks"]) == ("COMPLETED", 2)
    client("logs").create_log_group(logGroupName="/aws/ecs/app")
    clock.advance(1620)
    assert primary(stage)["runningCount"] == 4


def test_an_unhealthy_target_is_told_until_its_task_is_replaced(stage: Stage, clock: Clock) -> None:
    install(Profile("slow", task_start=30, target_healthy=60), clock=clock)
    group = stage.balanced()
    balancer = {"targetGroupArn": group, "containerName": "app", "containerPort": 8080}
    stage.service(taskDefinition=stage.define(SANDBOX_FAIL="health"), loadBalancers=[balancer])
    stage.described()
    clock.advance(40)
    health = stage.elb.describe_target_health(TargetGroupArn=group)["TargetHealthDescriptions"]
    assert [h["TargetHealth"]["State"] for h in health] == ["unhealthy"] * 2
    clock.advance(50)
    stage.described()
    assert f"Task failed ELB health checks in (target-group {group})" in stage.stopped()[0]["stoppedReason"]


def test_a_task_without_its_log_group_does_not_start(stage: Stage, client: Any) -> None:
    stage.service(taskDefinition=stage.register([LOGGING]), deploymentConfiguration=BREAKER)
    assert primary(stage)["rolloutState"] == "FAILED"
    assert "The specified log group does not exist" in stage.stopped()[0]["stoppedReason"]
    client("logs").create_log_group(logGroupName="/aws/ecs/app")
    stage.update(forceNewDeployment=True)
    assert primary(stage)["rolloutState"] == "COMPLETED"


def test_events_tell_what_happens_in_their_order(stage: Stage) -> None:
    group = stage.balanced()
    balancer = {"targetGroupArn": group, "containerName": "app", "containerPort": 8080}
    first = stage.service(desiredCount=1, loadBalancers=[balancer])["deployments"][0]["id"]
    (task,) = [task["taskArn"].rpartition("/")[2] for task in stage.running()]
    second = stage.update(forceNewDeployment=True)["deployments"][0]["id"]
    (new,) = [task["taskArn"].rpartition("/")[2] for task in stage.running()]
    assert [event["message"] for event in reversed(stage.described()["events"])] == [
        f"(service s) has started 1 tasks: (task {task}).",
        f"(service s) registered 1 targets in (target-group {group})",
        f"(service s) (deployment {first}) deployment completed.",
        "(service s) has reached a steady state.",
        f"(service s) has started 1 tasks: (task {new}).",
        f"(service s) registered 1 targets in (target-group {group})",
        f"(service s) has stopped 1 running tasks: (task {task}).",
        f"(service s) deregistered 1 targets in (target-group {group})",
        f"(service s, taskSet {first}) has begun draining connections on 1 tasks.",
        f"(service s) (deployment {second}) deployment completed.",
        "(service s) has reached a steady state.",
    ]


@pytest.mark.parametrize(
    ("fail", "words"),
    [
        ("pull", "was unable to place a task. Reason: CannotPullContainerError: "),
        ("health", "failed container health checks."),
    ],
)
def test_an_event_says_why_a_task_failed(stage: Stage, fail: str, words: str) -> None:
    stage.service(taskDefinition=stage.define(SANDBOX_FAIL=fail), desiredCount=1)
    assert any(words in event["message"] for event in stage.described()["events"])
