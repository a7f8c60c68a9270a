"""The job that corrects drift may not write what it runs by; and what beside the types it needs is allowed."""

import pytest
from uses import ACCOUNT, why_not, with_the_job

from desired_state import DEFAULT_FILE, Platform, load
from desired_state.drift import Drift, Hidden, Notified
from reconciler.policy import Use

TOPIC = f"arn:aws:sns:us-east-1:{ACCOUNT}:drift"


@pytest.fixture(scope="module")
def platform() -> Platform:
    return with_the_job(load(DEFAULT_FILE, "dev", environ={}, region="us-east-1"))


@pytest.mark.parametrize("use", [Use.DRIFT, Use.CORRECT])
@pytest.mark.parametrize(
    ("action", "end"),
    [
        ("iam:PutRolePolicy", "role/ecs-task-drift-correction-dev"),
        ("iam:UpdateAssumeRolePolicy", "role/ecs-schedule-drift-correction-dev"),
        ("iam:AttachRolePolicy", "role/ecs-task-execution-dev"),
        ("ecs:RegisterTaskDefinition", "task-definition/task-drift-correction-dev:*"),
        ("logs:PutRetentionPolicy", "log-group:/aws/ecs/drift-correction-dev:log-stream:"),
        ("scheduler:UpdateSchedule", "schedule/drift-correction-dev/drift-correction-dev"),
        ("scheduler:CreateScheduleGroup", "schedule-group/drift-correction-dev"),
        ("sqs:SetQueueAttributes", "drift-correction-dead-letters-dev"),
        ("ecr:PutLifecyclePolicy", "repository/ecr-repo-drift-correction-dev"),
    ],
)
def test_what_the_job_runs_by_is_denied_to_it(platform, use, action, end):
    assert "explicit deny" in why_not(platform, use, action, end)


def test_apply_makes_what_the_job_runs_by_and_corrections_write_what_is_beside(platform):
    assert not why_not(platform, Use.APPLY, "scheduler:UpdateSchedule", "schedule/drift-correction-dev/x")
    assert not why_not(platform, Use.CORRECT, "iam:PutRolePolicy", "role/ecs-task-api-gateway-dev")
    assert not why_not(platform, Use.CORRECT, "ecr:PutLifecyclePolicy", "repository/ecr-repo-api-gateway-dev")


@pytest.mark.parametrize("use", Use)
def test_only_who_reports_drift_may_ask_cloudtrail_read_events_and_notify(platform, use):
    told = (Notified(sns=TOPIC), Notified(slack=Hidden(secret="ops/slack")))
    notifying = platform.model_copy(update={"drift": Drift(notify=told)})
    reports = use in (Use.DRIFT, Use.CORRECT)
    for action, end in (
        ("cloudtrail:LookupEvents", "*"),
        ("cloudtrail:GetTrailStatus", f"arn:aws:cloudtrail:us-east-1:{ACCOUNT}:trail/x"),
        ("sqs:ReceiveMessage", "drift-events-dev"),
        ("sns:Publish", TOPIC),
        ("secretsmanager:GetSecretValue", "secret:ops/slack-a1B2c3"),
    ):
        assert (not why_not(notifying, use, action, end)) == reports
    assert why_not(notifying, use, "sns:Publish", TOPIC.replace("drift", "other"))
    assert why_not(notifying, use, "secretsmanager:GetSecretValue", "secret:ops/database-a1B2c3")
