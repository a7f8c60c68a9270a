"""Schedules of the embedded AWS, as recorded."""

import pytest
from support import client

CLUSTER = "arn:aws:ecs:us-east-1:123456789012:cluster/c"
TARGET = {"Arn": CLUSTER, "RoleArn": "arn:aws:iam::123456789012:role/r"}


pytestmark = pytest.mark.usefixtures("aws")


def test_a_schedule_reads_awss_defaults() -> None:
    scheduler = client("scheduler")
    scheduler.create_schedule(
        Name="s", ScheduleExpression="rate(1 day)", FlexibleTimeWindow={"Mode": "OFF"}, Target=TARGET
    )
    told = scheduler.get_schedule(Name="s")
    defaults = ("GroupName", "ScheduleExpressionTimezone", "State", "ActionAfterCompletion")
    assert [told[name] for name in defaults] == ["default", "UTC", "ENABLED", "NONE"]
    assert told["Target"]["RetryPolicy"] == {"MaximumEventAgeInSeconds": 86_400, "MaximumRetryAttempts": 185}
