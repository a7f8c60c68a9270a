from dataclasses import replace
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from toys import Time

from reconciler.aws import rollout
from reconciler.aws.followed_services import HEALTH_ASKED_EVERY, FollowedServices
from reconciler.errors import RolloutFailed
from reconciler.model.steps import NotYet, Rollout

BEGUN = datetime(2026, 1, 1, 12, tzinfo=UTC)
BEFORE = datetime(2026, 1, 1, 11, tzinfo=UTC)
STEP = Rollout({"cluster": "c", "service": "s", "deployment": "ecs-svc/2"})


def poll(client: Any, step: Rollout, services: FollowedServices | None = None) -> Any:
    return rollout.poll(client, step, services or FollowedServices())


def deployment(number: int = 2, state: str | None = "IN_PROGRESS", **fields: Any) -> dict[str, Any]:
    counts = {"desiredCount": 2, "runningCount": 1, "pendingCount": 1, "failedTasks": 0}
    told = {"id": f"ecs-svc/{number}", "status": "PRIMARY", "createdAt": BEGUN, **counts}
    arn = f"arn:aws:ecs:us-east-1:1:task-definition/t:{number}"
    return {**told, "taskDefinition": arn, **({"rolloutState": state} if state else {}), **fields}


def service(*deployments: dict[str, Any], **fields: Any) -> dict[str, Any]:
    named = {"serviceName": "s", "serviceArn": "arn:s", "clusterArn": "arn:c", "status": "ACTIVE"}
    return {**named, "deployments": list(deployments), **fields}


def aws(*services: dict[str, Any], tasks: Any = (), ended: Any = (), targets: Any = ()) -> Any:
    """Return a function that returns clients with these answers."""
    answers = {
        "describe_services": {"services": list(services)},
        "list_tasks": {"taskArns": [task["taskArn"] for task in tasks]},
        "describe_tasks": {"tasks": list(tasks)},
        "list_service_deployments": {"serviceDeployments": list(ended)},
        "describe_target_health": {"TargetHealthDescriptions": list(targets)},
    }
    asked = {name: lambda answer=answer, **_params: answer for name, answer in answers.items()}
    return lambda _service: SimpleNamespace(**asked)


def stopped(reason: str, /, number: int = 2, **container: Any) -> dict[str, Any]:
    containers = [{"name": "web", **container}] if container else []
    arn = f"arn:task/{reason}"
    return {
        "taskArn": arn,
        "startedBy": f"ecs-svc/{number}",
        "createdAt": BEGUN,
        "stoppedReason": reason,
        "containers": containers,
    }


def ended(status: str, number: int = 2, reason: str = "tasks failed to start.") -> dict[str, Any]:
    arn = f"arn:aws:ecs:us-east-1:1:service-revision/c/s/{number}"
    return {"targetServiceRevisionArn": arn, "status": status, "statusReason": reason}


def test_a_completed_deployment_is_the_end():
    assert poll(aws(service(deployment(state="COMPLETED"))), STEP) == {}


def test_a_completed_deployment_of_another_id_is_not():
    gone_on = poll(aws(service(deployment(3, "COMPLETED"))), STEP)
    assert gone_on == NotYet("ecs-svc/2 is not among its deployments; the service runs t:3", patience=120)


@pytest.mark.parametrize(("running", "done"), [(1, False), (2, True)])
def test_without_a_rollout_state_the_running_tasks_count(running: int, done: bool):
    assert (poll(aws(service(deployment(state=None, runningCount=running))), STEP) == {}) is done


def test_progress_is_told_in_tasks():
    answer = poll(aws(service(deployment(runningCount=0))), STEP)
    assert answer == NotYet("0 of 2 tasks running, 1 pending")


def test_events_are_told_in_order_and_only_those_since_it_began():
    said = [("c", "third", BEGUN), ("b", "second", BEGUN), ("a", "before", BEFORE)]
    events = [{"id": i, "message": text, "createdAt": at} for i, text, at in said]
    answer = poll(aws(service(deployment(), events=events)), STEP)
    assert isinstance(answer, NotYet)
    assert list(answer.notes.items()) == [("event b", "second"), ("event c", "third")]


def test_only_its_own_stopped_tasks_are_told_with_their_exit_codes():
    tasks = [stopped("Essential container in task exited", exitCode=1), stopped("of another", number=1)]
    answer = poll(aws(service(deployment(failedTasks=1)), tasks=tasks), STEP)
    assert isinstance(answer, NotYet)
    told = "task stopped: Essential container in task exited; web: exit code 1"
    assert list(answer.notes.values()) == [told]
    assert answer.why == f"1 of 2 tasks running, 1 pending, 1 failed; {told}"


def test_a_target_that_fails_its_checks_is_told_and_one_that_is_new_is_not():
    bad = {"State": "unhealthy", "Reason": "Target.Timeout", "Description": "Request timed out"}
    targets = [
        {"Target": {"Id": "10.0.0.4"}, "TargetHealth": bad},
        {"Target": {"Id": "10.0.0.5"}, "TargetHealth": {"State": "initial"}},
    ]
    behind = service(deployment(), loadBalancers=[{"targetGroupArn": "arn:tg"}])
    time = Time()
    services = FollowedServices(now=lambda: time.at)
    assert not poll(aws(behind, targets=targets), STEP, services).notes
    time.rest(HEALTH_ASKED_EVERY)
    answer = poll(aws(behind, targets=targets), STEP, services)
    assert answer.notes == {"target 10.0.0.4": "target 10.0.0.4 is unhealthy: Request timed out"}


def test_a_failed_deployment_says_why_and_what_runs_instead():
    failed = deployment(
        state="FAILED", status="ACTIVE", failedTasks=3, rolloutStateReason="circuit breaker: no luck."
    )
    answers = aws(service(deployment(1, "IN_PROGRESS"), failed), tasks=[stopped("OutOfMemoryError")])
    with pytest.raises(RolloutFailed) as raised:
        poll(answers, STEP)
    assert str(raised.value) == (
        "circuit breaker: no luck; the service went back to t:1\ntask stopped: OutOfMemoryError"
    )


@pytest.mark.parametrize(
    ("made", "reason", "again"),
    [
        (BEGUN, "ECS was unable to assume the role 'arn'", True),
        (BEGUN, "AccessDeniedException: User: arn is not authorized to perform: ecr:Get", True),
        (BEGUN - timedelta(minutes=9), "ECS was unable to assume the role 'arn'", True),
        (BEGUN - timedelta(minutes=9), "User: arn is not authorized to perform: ecr:Get", False),
        (BEGUN, "OutOfMemoryError", False),
        (BEFORE, "ECS was unable to assume the role 'arn'", False),
    ],
    ids=["role", "policy", "slow role", "policy that lacks something", "other reason", "old service"],
)
def test_a_new_service_that_was_quicker_than_its_roles_is_looked_at_again(
    made: datetime, reason: str, *, again: bool
):
    failed = deployment(state="FAILED", failedTasks=3)
    answers = aws(service(failed, createdAt=made), tasks=[stopped(reason)])
    if not again:
        with pytest.raises(RolloutFailed):
            poll(answers, STEP)
        return
    answer = poll(answers, STEP)
    assert isinstance(answer, NotYet)
    assert answer.answer_lost
    assert isinstance(answer.why, RolloutFailed)


@pytest.mark.parametrize(
    "reason", ["ECS was unable to assume the role 'arn'", "is not authorized to perform: x"]
)
@pytest.mark.parametrize("listed", [True, False])
def test_an_old_service_that_was_quicker_than_a_role_of_this_run_is_looked_at_again(
    reason: str, *, listed: bool
):
    new, old = replace(STEP, roles_are_new=True), {"createdAt": BEFORE}
    if listed:
        failed = deployment(state="FAILED", status="ACTIVE", failedTasks=3)
        answers = aws(service(deployment(1), failed, **old), tasks=[stopped(reason)])
    else:
        answers = aws(
            service(deployment(1), **old), ended=[ended("ROLLBACK_SUCCESSFUL")], tasks=[stopped(reason)]
        )
    answer = poll(answers, new)
    assert isinstance(answer, NotYet)
    assert answer.answer_lost
    with pytest.raises(RolloutFailed):
        poll(answers, STEP)


def test_a_superseded_deployment_has_failed():
    former = deployment(status="ACTIVE")
    with pytest.raises(RolloutFailed, match="another deployment took its place; the service runs t:3"):
        poll(aws(service(deployment(3), former)), STEP)


@pytest.mark.parametrize(
    "status", ["STOPPED", "ROLLBACK_IN_PROGRESS", "ROLLBACK_SUCCESSFUL", "ROLLBACK_FAILED"]
)
def test_one_that_left_the_list_after_a_rollback_has_failed(status: str):
    answers = aws(
        service(deployment(1, "COMPLETED")), ended=[ended(status)], tasks=[stopped("CannotPullContainerError")]
    )
    with pytest.raises(
        RolloutFailed, match=r"(?s)tasks failed to start; the service went back to t:1.*CannotPull"
    ):
        poll(answers, STEP)


def test_one_that_left_the_list_and_has_not_ended_is_waited_for():
    answer = poll(aws(service(deployment(3)), ended=[ended("IN_PROGRESS")]), STEP)
    assert answer == NotYet("ecs-svc/2 is not among its deployments; the service runs t:3", patience=120)


@pytest.mark.parametrize(
    ("task", "told"),
    [
        (stopped("", exitCode=137, reason="OutOfMemory"), ["task stopped: web: exit code 137, OutOfMemory"]),
        (stopped("Scaling activity", exitCode=0), ["task stopped: Scaling activity"]),
        (stopped("CannotPull", reason="CannotPull"), ["task stopped: CannotPull"]),
        (stopped("of another", number=1), []),
    ],
)
def test_a_stopped_task_is_told_with_the_reasons_that_aws_gives(task: Any, told: list[str]):
    answer = poll(aws(service(deployment(failedTasks=1)), tasks=[task]), STEP)
    assert isinstance(answer, NotYet)
    assert list(answer.notes.values()) == told


def test_failed_tasks_that_ecs_has_forgotten_are_told_as_a_number():
    answer = poll(aws(service(deployment(failedTasks=2))), STEP)
    assert answer == NotYet("1 of 2 tasks running, 1 pending, 2 failed")


def test_one_that_left_the_list_after_its_success_is_done():
    assert poll(aws(service(deployment(3)), ended=[ended("SUCCESSFUL", 3), ended("SUCCESSFUL")]), STEP) == {}


@pytest.mark.parametrize(
    ("services", "said"), [((), "MISSING"), ((service(status="INACTIVE"),), "INACTIVE")], ids=["missing", "old"]
)
def test_a_service_that_reads_do_not_show_yet_is_waited_for_briefly(services: Any, said: str):
    assert poll(aws(*services), STEP) == NotYet(f"the service is {said}", patience=120)
