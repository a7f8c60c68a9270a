"""Schedules of the embedded AWS: AWS's defaults as recorded, and what AWS refuses."""

import json
from datetime import timedelta
from typing import Any

import pytest
from botocore.exceptions import ClientError
from moto.scheduler import scheduler_backends
from support import client

from reconciler.sandbox.scheduler.moments import take_due
from reconciler.sandbox.world import current

ACCOUNT = "123456789012"
CLUSTER = f"arn:aws:ecs:us-east-1:{ACCOUNT}:cluster/c"
DEFINITION = f"arn:aws:ecs:us-east-1:{ACCOUNT}:task-definition/f"
GROUP = f"arn:aws:scheduler:us-east-1:{ACCOUNT}:schedule-group/default"

pytestmark = pytest.mark.usefixtures("aws")


def role(name: str = "r", source: str = GROUP) -> str:
    """Make a role for schedules of a group."""
    statement = {
        "Effect": "Allow",
        "Action": "sts:AssumeRole",
        "Principal": {"Service": "scheduler.amazonaws.com"},
        "Condition": {"StringEquals": {"aws:SourceArn": source, "aws:SourceAccount": ACCOUNT}},
    }
    document = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    made = client("iam").create_role(RoleName=name, AssumeRolePolicyDocument=document)
    arn: str = made["Role"]["Arn"]
    return arn


def create(target: dict[str, Any] | None = None, **changed: Any) -> None:
    whole = {
        "Name": "s",
        "ScheduleExpression": "rate(1 day)",
        "FlexibleTimeWindow": {"Mode": "OFF"},
        "Target": {
            "Arn": CLUSTER,
            "RoleArn": f"arn:aws:iam::{ACCOUNT}:role/r",
            "EcsParameters": {"TaskDefinitionArn": DEFINITION},
            **(target or {}),
        },
    }
    client("scheduler").create_schedule(**{**whole, **changed})


def test_a_schedule_is_due_between_its_dates_only() -> None:
    role()
    now = current().clock.now()
    day = current().clock.date(now)
    create(Name="now")
    create(Name="later", StartDate=day + timedelta(days=3))
    create(Name="over", EndDate=day + timedelta(hours=1))
    schedules = scheduler_backends[ACCOUNT]["us-east-1"].schedule_groups["default"].schedules
    assert {name for name, each in schedules.items() if take_due(each, now + 90_000) is not None} == {"now"}
    assert take_due(schedules["later"], now + 4 * 86_400) is not None


def test_a_schedule_reads_awss_defaults() -> None:
    role()
    create()
    told = client("scheduler").get_schedule(Name="s")
    defaults = ("GroupName", "ScheduleExpressionTimezone", "State", "ActionAfterCompletion")
    assert [told[name] for name in defaults] == ["default", "UTC", "ENABLED", "NONE"]
    assert told["Target"]["RetryPolicy"] == {"MaximumEventAgeInSeconds": 86_400, "MaximumRetryAttempts": 185}
    assert told["Target"]["EcsParameters"]["TaskCount"] == 1


REFUSED: list[tuple[str, dict[str, Any]]] = [
    ("expression", {"ScheduleExpression": "rate(15 minute)"}),
    ("expression", {"ScheduleExpression": "rate(90 seconds)"}),
    ("expression", {"ScheduleExpression": "cron(0 3 * * * *)"}),
    ("zone", {"ScheduleExpressionTimezone": "Mars/Olympus"}),
    ("window", {"FlexibleTimeWindow": {"Mode": "FLEXIBLE"}}),
    ("window", {"FlexibleTimeWindow": {"Mode": "OFF", "MaximumWindowInMinutes": 5}}),
    ("role", {"target": {"RoleArn": f"arn:aws:iam::{ACCOUNT}:role/absent"}}),
    ("definition", {"target": {"EcsParameters": {"TaskDefinitionArn": "f"}}}),
    ("queue", {"target": {"DeadLetterConfig": {"Arn": f"arn:aws:sqs:us-east-1:{ACCOUNT}:q.fifo"}}}),
    ("input", {"target": {"Input": "{"}}),
]


@pytest.mark.parametrize(("what", "sent"), REFUSED)
def test_what_moto_takes_and_aws_refuses(what: str, sent: dict[str, Any]) -> None:
    role()
    with pytest.raises(ClientError, match="ValidationException"):
        create(**sent)


def test_a_role_that_trusts_another_group_is_refused() -> None:
    role(source=GROUP.replace("default", "other"))
    with pytest.raises(ClientError, match="must allow AWS EventBridge Scheduler to assume the role"):
        create()


def test_a_group_that_is_not_there_is_said_not_to_be_there() -> None:
    role()
    with pytest.raises(ClientError, match="ResourceNotFoundException"):
        create(GroupName="absent")
    with pytest.raises(ClientError, match="ResourceNotFoundException"):
        client("scheduler").delete_schedule_group(Name="absent")


def test_a_second_of_a_name_is_refused() -> None:
    role()
    create()
    with pytest.raises(ClientError, match="ConflictException"):
        create()
    client("scheduler").create_schedule_group(Name="g")
    with pytest.raises(ClientError, match="ConflictException"):
        client("scheduler").create_schedule_group(Name="g")


def test_the_default_group_stays() -> None:
    with pytest.raises(ClientError, match="ValidationException"):
        client("scheduler").delete_schedule_group(Name="default")


def test_an_update_sets_back_what_it_leaves_out() -> None:
    role()
    create(Description="why", State="DISABLED")
    told = client("scheduler").get_schedule(Name="s")
    kept = {name: told[name] for name in ("Name", "ScheduleExpression", "FlexibleTimeWindow", "Target")}
    client("scheduler").update_schedule(**kept)
    told = client("scheduler").get_schedule(Name="s")
    assert (told.get("Description"), told["State"]) == (None, "ENABLED")
