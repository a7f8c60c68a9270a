"""The job of `drift_correction` on the embedded AWS: made, repaired, started by AWS, and deleted."""

import json
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError
from support import Counted, act, client, differences, see
from whole import applied, planned

from desired_state import DEFAULT_FILE, Platform, load
from reconciler.apply import apply
from reconciler.aws.client import Aws
from reconciler.aws.reads import Stack, open_reads
from reconciler.blueprint import blueprint, facts
from reconciler.model.plan import Plan
from reconciler.model.spec import UNCOMPARED
from reconciler.plan import plan
from reconciler.resources import KINDS
from reconciler.resources.kind import read_all
from reconciler.resources.schedule import Schedule
from reconciler.sandbox import CALM, Clock, install
from reconciler.sandbox.callers import begin_session

NAME = "drift-correction-dev123"
QUEUE = "drift-correction-dead-letters-dev123"


@pytest.fixture
def clock(aws: None) -> Clock:
    """Let time pass by hand only."""
    clock = Clock(speed=0)
    install(CALM, clock=clock)
    return clock


def with_job(folder: Path, job: str = "{every: 15m}") -> Platform:
    file = folder / "platform.yaml"
    file.write_text(f"{DEFAULT_FILE.read_text()}\ndrift_correction: {job}\n")
    return load(file, "dev123", environ={})


def without_job(folder: Path) -> Platform:
    return with_job(folder, "null")


def schedule() -> dict[str, Any]:
    found: dict[str, Any] = client("scheduler").get_schedule(GroupName=NAME, Name=NAME)
    return found


def rewrite(**changed: Any) -> None:
    """Change the schedule as a person does: UpdateSchedule takes all of it."""
    told = schedule()
    kept = {k: told[k] for k in ("Name", "GroupName", "ScheduleExpression", "FlexibleTimeWindow", "Target")}
    client("scheduler").update_schedule(**{**kept, "State": "ENABLED", **changed})


def tasks() -> list[dict[str, Any]]:
    ecs, asked = client("ecs"), {"cluster": "ecs-cluster-dev123"}
    found = ecs.list_tasks(**asked, family="task-drift-correction-dev123")["taskArns"]
    told = ecs.describe_tasks(**asked, tasks=found, include=["TAGS"])["tasks"] if found else []
    return [*told]


def letters() -> list[dict[str, Any]]:
    url = client("sqs").get_queue_url(QueueName=QUEUE)["QueueUrl"]
    got = (
        client("sqs")
        .receive_message(QueueUrl=url, MessageAttributeNames=["All"], MaxNumberOfMessages=10)
        .get("Messages", [])
    )
    return [{k: v["StringValue"] for k, v in letter["MessageAttributes"].items()} for letter in got]


def test_it_is_made_and_nothing_is_left_to_do_and_it_leaves_with_its_key(clock, tmp_path):
    applied(with_job(tmp_path))
    assert planned(with_job(tmp_path)).changes == ()
    todo = planned(without_job(tmp_path))
    own = sorted(str(c.address) for c in todo.changes if NAME.removesuffix("-dev123") in c.address.name)
    assert own == [
        "ecr_repository.ecr-repo-drift-correction-dev123",
        "iam_role.ecs-schedule-drift-correction-dev123",
        "iam_role.ecs-task-drift-correction-dev123",
        "log_group./aws/ecs/drift-correction-dev123",
        f"schedule.{NAME}",
        f"schedule_group.{NAME}",
        f"sqs_queue.{QUEUE}",
        "task_definition.task-drift-correction-dev123",
    ]
    applied(without_job(tmp_path))
    assert client("scheduler").list_schedules()["Schedules"] == []


def _order(todo: Plan, *kinds: str) -> list[str]:
    return [c.address.kind for c in todo.changes if c.address.kind in kinds and "drift" in c.address.name]


def test_the_schedule_is_made_last_and_deleted_first_before_its_group_and_its_role(clock, tmp_path):
    todo = planned(with_job(tmp_path))
    assert (
        _order(todo, "schedule", "schedule_group", "iam_role", "sqs_queue", "task_definition")[-1] == "schedule"
    )
    applied(with_job(tmp_path))
    kinds = ("schedule", "schedule_group", "iam_role", "sqs_queue", "task_definition")
    assert _order(planned(without_job(tmp_path)), *kinds)[0] == "schedule"


def started(clock: Clock) -> list[str]:
    """Let the job be due, and return the revisions that AWS starts."""
    clock.advance(15 * 60)
    return [task["taskDefinitionArn"].rpartition(":")[2] for task in tasks()]


def test_a_new_definition_of_the_job_is_the_one_that_is_started(clock, tmp_path):
    applied(with_job(tmp_path))
    silent = with_job(tmp_path, "{every: 15m, correct: none}")
    assert differences(planned(silent)) == {
        "iam_role.ecs-task-drift-correction-dev123": ["policies"],
        f"schedule.{NAME}": ["task_definition"],
        "task_definition.task-drift-correction-dev123": ["containers"],
    }
    applied(silent)
    assert started(clock) == ["2"]


def test_a_revision_that_others_register_in_its_family_is_not_started(clock, tmp_path):
    """It would have the job's rights, with a command and an image of theirs."""
    applied(with_job(tmp_path))
    family = "task-drift-correction-dev123"
    ours = client("ecs").describe_task_definition(taskDefinition=family)["taskDefinition"]
    kept = ("containerDefinitions", "taskRoleArn", "executionRoleArn", "networkMode", "cpu", "memory")
    told = {name: ours[name] for name in (*kept, "requiresCompatibilities")}
    client("ecs").register_task_definition(family=family, **told)
    assert started(clock) == ["1"]


def test_a_destroy_waits_for_a_job_that_runs_and_is_not_refused_for_it(clock, tmp_path):
    platform = with_job(tmp_path)
    applied(platform)
    assert started(clock)
    file = planned(platform).desired.values()
    assert see([], file, Stack(platform.stack, platform.suffix)).conflicts == ()


CHANGES: dict[str, dict[str, Any]] = {
    "enabled": {"State": "DISABLED"},
    "expression": {"ScheduleExpression": "rate(7 days)"},
    "window": {"FlexibleTimeWindow": {"Mode": "FLEXIBLE", "MaximumWindowInMinutes": 60}},
    "starts": {"StartDate": "2029-01-01T00:00:00Z"},
    "ends": {"EndDate": "2030-01-01T00:00:00Z"},
}
OF_TASK: dict[str, dict[str, Any]] = {
    "task_definition": {
        "TaskDefinitionArn": "arn:aws:ecs:us-east-1:123456789012:task-definition/task-api-gateway-dev123:1"
    },
    "count": {"TaskCount": 3},
    "launch_type": {"LaunchType": "EC2"},
    "execute_command": {"EnableExecuteCommand": True},
    "propagate_tags": {"PropagateTags": None},
}
OF_NETWORK: dict[str, dict[str, Any]] = {
    "public_address": {"AssignPublicIp": "DISABLED"},
    "security_groups": {"SecurityGroups": ["sg-0123456789abcdef0"]},
    "subnets": {"Subnets": ["subnet-0123456789abcdef0"]},
}
HOME = "us-east-1:123456789012"
OF_TARGET: dict[str, dict[str, Any]] = {
    "cluster": {"Arn": f"arn:aws:ecs:{HOME}:cluster/theirs"},
    "role": {"RoleArn": "arn:aws:iam::123456789012:role/theirs"},
    "dead_letters": {"DeadLetterConfig": {"Arn": f"arn:aws:sqs:{HOME}:theirs"}},
    "overrides": {"Input": json.dumps({"containerOverrides": []})},
    "retries": {"RetryPolicy": {"MaximumRetryAttempts": 185, "MaximumEventAgeInSeconds": 300}},
    "retried_for": {"RetryPolicy": {"MaximumRetryAttempts": 2, "MaximumEventAgeInSeconds": 86_400}},
}
TRUST = {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": "scheduler.amazonaws.com"}}


def every_change() -> dict[str, dict[str, Any]]:
    """Return parameters of UpdateSchedule that change one field each, by the field."""
    target = schedule()["Target"]
    task = target["EcsParameters"]
    vpc = task["NetworkConfiguration"]["awsvpcConfiguration"]
    of_task = {
        **OF_TASK,
        **{f: {"NetworkConfiguration": {"awsvpcConfiguration": vpc | m}} for f, m in OF_NETWORK.items()},
    }
    changed = {f: {k: v for k, v in {**task, **m}.items() if v is not None} for f, m in of_task.items()}
    targets = {f: target | {"EcsParameters": task} for f, task in changed.items()}
    targets |= {f: target | more for f, more in OF_TARGET.items()}
    return {**CHANGES, **{f: {"Target": target} for f, target in targets.items()}}


def test_each_field_of_the_schedule_that_was_changed_by_hand_is_found_and_put_right(clock, tmp_path):
    platform = with_job(tmp_path)
    applied(platform)
    trust = json.dumps({"Version": "2012-10-17", "Statement": [TRUST]})
    client("iam").create_role(RoleName="theirs", AssumeRolePolicyDocument=trust)
    changes = every_change()
    compared = {n for n, i in Schedule.model_fields.items() if UNCOMPARED not in i.metadata}
    assert changes.keys() == compared - {
        "name",
        "tags",
        "group",
    }  # it has no tags, and another group's is another
    for field, more in changes.items():
        rewrite(**more)
        todo = planned(platform)
        assert differences(todo) == {f"schedule.{NAME}": [field]}
        act(todo, Stack(platform.stack, platform.suffix))
    assert planned(platform).changes == ()


def test_what_the_file_does_not_speak_of_is_kept_when_a_neighbour_is_put_right(clock, tmp_path):
    platform = with_job(tmp_path)
    applied(platform)
    rewrite(Description="ask ops", ScheduleExpressionTimezone="Europe/Berlin", State="DISABLED")
    applied(platform)
    told = schedule()
    assert (told["Description"], told["ScheduleExpressionTimezone"]) == ("ask ops", "Europe/Berlin")
    assert told["State"] == "ENABLED"


def test_without_its_image_the_schedule_is_held_and_all_else_of_the_job_is_made(clock, tmp_path):
    install(CALM, clock=clock, images=False)
    platform = with_job(tmp_path)
    outcome = act(planned(platform), Stack(platform.stack, platform.suffix))
    assert f"schedule.{NAME}" in outcome.held
    assert not [
        key for key in outcome.held if "drift" in key and key.split(".")[0] not in ("schedule", "image")
    ]
    assert client("scheduler").list_schedules(GroupName=NAME)["Schedules"] == []


def test_an_image_of_the_file_is_neither_looked_for_nor_kept(clock, tmp_path):
    install(CALM, clock=clock, images=False)
    todo = planned(with_job(tmp_path, "{image: 'example.com/drift:v1', correct: none}"))
    own = {c.address.kind for c in todo.changes if "drift-correction" in c.address.name}
    assert "schedule" in own
    assert not own & {"image", "ecr_repository"}


def test_aws_starts_the_job_by_the_clock_with_its_tags_and_the_newest_revision(clock, tmp_path):
    applied(with_job(tmp_path))
    assert tasks() == []
    clock.advance(15 * 60)
    (task,) = tasks()
    assert task["startedBy"] == f"chronos-schedule/{NAME}"
    assert task["taskDefinitionArn"].endswith("task-drift-correction-dev123:1")
    assert {t["key"]: t["value"] for t in task["tags"]}[
        "ecs-reconciler:stack"
    ] == "ecs-services/dev123/us-east-1"
    assert letters() == []


@pytest.mark.parametrize(
    ("harm", "code"),
    [
        (
            lambda: client("iam").delete_role_policy(
                RoleName="ecs-schedule-drift-correction-dev123", PolicyName="start"
            ),
            None,  # it may not send a letter either
        ),
        (
            lambda: client("ecs").deregister_task_definition(taskDefinition="task-drift-correction-dev123:1"),
            "InvalidParameterException",
        ),
    ],
    ids=["no rights", "no revision"],
)
def test_a_start_that_is_refused_goes_to_the_dead_letters_with_its_code(clock, tmp_path, harm, code):
    applied(with_job(tmp_path))
    harm()
    clock.advance(15 * 60)
    assert tasks() == []
    assert [letter["ERROR_CODE"] for letter in letters()] == ([code] if code else [])


def test_a_trust_for_another_group_starts_nothing(clock, tmp_path):
    platform = with_job(tmp_path)
    applied(platform)
    role = "ecs-schedule-drift-correction-dev123"
    document = client("iam").get_role(RoleName=role)["Role"]["AssumeRolePolicyDocument"]
    (statement,) = document["Statement"]
    statement["Condition"]["StringEquals"]["aws:SourceArn"] = (
        "arn:aws:scheduler:us-east-1:123456789012:schedule-group/x"
    )
    client("iam").update_assume_role_policy(RoleName=role, PolicyDocument=json.dumps(document))
    clock.advance(15 * 60)
    assert tasks() == []
    assert differences(planned(platform)) == {f"iam_role.{role}": ["trust_conditions"]}
    applied(platform)
    clock.advance(15 * 60)
    assert len(tasks()) == 1


def test_a_plan_without_the_key_asks_nothing_of_scheduler_and_sqs(clock, tmp_path):
    applied(without_job(tmp_path))
    with Counted() as counted:
        planned(without_job(tmp_path))
    assert not {"ListScheduleGroups", "ListQueues", "ListSchedules"} & counted.keys()


JOB = "arn:aws:iam::123456789012:role/ecs-task-drift-correction-dev123"
ALLOW_ALL = json.dumps(
    {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}
)


def correct_as_the_job(platform: Platform) -> Plan:
    """Plan and apply in a session of the job's role, as its task does."""
    aws = Aws(boto3.Session(region_name="us-east-1", **begin_session(JOB, "round")))
    stack = Stack(platform.stack, platform.suffix)
    with open_reads(aws, stack) as first:
        specs = tuple(blueprint(platform, facts.read_facts(first, platform)))
        reads = first.for_specs(specs)
        todo = plan(KINDS, specs, read_all(reads, KINDS), stack.name, specs)
        outcome = apply(reads, KINDS, todo, pace=lambda _task: 0.001)
    assert not outcome.failed, outcome.failed
    return todo


def test_the_jobs_role_reads_all_and_puts_right_what_is_not_its_own(clock, tmp_path):
    applied(with_job(tmp_path))
    client("logs").put_retention_policy(logGroupName="/aws/ecs/api-gateway-dev123", retentionInDays=30)
    client("iam").delete_role_policy(RoleName="ecs-task-api-gateway-dev123", PolicyName="telemetry")
    assert differences(correct_as_the_job(with_job(tmp_path))) == {
        "log_group./aws/ecs/api-gateway-dev123": ["retention_days"],
        "iam_role.ecs-task-api-gateway-dev123": ["policies"],
    }
    assert planned(with_job(tmp_path)).changes == ()


def test_the_jobs_role_may_not_change_what_it_runs_by_nor_delete(clock, tmp_path):
    applied(with_job(tmp_path))
    refused: list[tuple[str, str, dict[str, Any]]] = [
        *(
            ("iam", "put_role_policy", {"RoleName": role, "PolicyName": "p", "PolicyDocument": ALLOW_ALL})
            for role in (
                *("ecs-task-drift-correction-dev123", "ecs-schedule-drift-correction-dev123"),
                "ecs-task-execution-dev123",
            )
        ),
        (
            "logs",
            "put_retention_policy",
            {"logGroupName": "/aws/ecs/drift-correction-dev123", "retentionInDays": 1},
        ),
        ("scheduler", "delete_schedule", {"GroupName": NAME, "Name": NAME}),
        ("ecs", "delete_service", {"cluster": "ecs-cluster-dev123", "service": "svc-api-gateway-dev123"}),
        ("ecr", "delete_repository", {"repositoryName": "ecr-repo-api-gateway-dev123", "force": True}),
    ]
    keys = begin_session(JOB, "round")
    for service, operation, params in refused:
        with pytest.raises(ClientError, match="AccessDenied"):
            getattr(boto3.client(service, region_name="us-east-1", **keys), operation)(**params)
