"""From a change in AWS to a stack that wakes, on the embedded AWS."""

import json

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import NoCredentialsError
from support import OURS, REGION, client, connection, make, settle

from desired_state.drift import DriftCorrection
from desired_state.platform import Platform
from reconciler.aws.agent import agent_of
from reconciler.aws.client import enclosed
from reconciler.aws.trail.ours import Ours
from reconciler.blueprint.context import Context
from reconciler.blueprint.drift_events import drift_events, make_pattern
from reconciler.blueprint.facts import Facts
from reconciler.resources.event_rule import dump_pattern
from reconciler.resources.log_group import LogGroup
from reconciler.watch.events.index import Index, Known
from reconciler.watch.events.listening import Listening, SqsQueue
from reconciler.watch.events.trails import ALL, CANNOT_TELL, NO_TRAIL, check_trail

GROUP = make(LogGroup, "/aws/ecs/shop-dev", retention_days=7)
PLATFORM = Platform(
    platform="shop",
    environment="dev",
    suffix="dev",
    region=REGION,
    drift_correction=DriftCorrection(events=True),
)
ROOT = "arn:aws:iam::123456789012:root"


def log_changes():
    client("cloudtrail").create_trail(Name="all", S3BucketName="logs")
    client("cloudtrail").start_logging(Name="all")


class Impatient(SqsQueue):
    """A queue that is not waited for."""

    def receive(self, _seconds):
        return super().receive(0)


@pytest.fixture
def heard(aws):
    """Return what wakes a stack that has a group of logs, its rule and its queue. The clock passes by polls."""
    specs = [*drift_events(Context(PLATFORM, Facts("123456789012", "aws", REGION, ())))]
    settle([GROUP, *specs])
    index = Index()
    index.put("shop", Known(frozenset({GROUP.name, OURS.name}), Ours(OURS.name, {ROOT})))
    url = client("sqs").get_queue_url(QueueName="drift-events-dev")["QueueUrl"]
    time, woken = [0.0], []

    def now():
        time[0] += 1
        return time[0]

    listening = Listening(
        Impatient(client("sqs"), url), index, lambda stack, why: woken.append((stack, why)), now=now
    )

    def listen():
        for _ in range(10):
            listening.turn()
        return woken

    return listen


def change(agent=""):
    session = boto3.Session("test", "test", region_name=REGION)
    logs = session.client("logs", config=Config(user_agent_extra=agent) if agent else None)
    logs.put_retention_policy(logGroupName=GROUP.name, retentionInDays=30)


def test_a_change_of_ours_wakes_the_stack_and_its_message_is_deleted(heard):
    log_changes()
    change()
    assert heard() == [("shop", "PutRetentionPolicy by the root user")]
    assert len(heard()) == 1
    attributes = client("sqs").get_queue_attributes(
        QueueUrl=client("sqs").get_queue_url(QueueName="drift-events-dev")["QueueUrl"], AttributeNames=["All"]
    )["Attributes"]
    assert {attributes["ApproximateNumberOfMessages"], attributes["ApproximateNumberOfMessagesNotVisible"]} == {
        "0"
    }


def test_a_call_of_a_run_of_ours_does_not_wake(heard):
    log_changes()
    change(agent_of("1.0", OURS.name, "run"))
    assert heard() == []


def test_what_is_of_others_does_not_wake(heard):
    log_changes()
    client("logs").create_log_group(logGroupName="/theirs")
    assert heard() == []


def test_without_a_trail_calls_do_not_come(heard):
    change()
    assert heard() == []


@pytest.mark.usefixtures("aws")
def test_whether_a_trail_logs_what_changes_is_told():
    assert check_trail(connection()) == NO_TRAIL
    client("cloudtrail").create_trail(Name="all", S3BucketName="logs")
    assert check_trail(connection()) == NO_TRAIL
    client("cloudtrail").start_logging(Name="all")
    assert check_trail(connection()) == ALL
    reads = [{"ReadWriteType": "ReadOnly", "IncludeManagementEvents": True}]
    client("cloudtrail").put_event_selectors(TrailName="all", EventSelectors=reads)
    assert check_trail(connection()) == NO_TRAIL


@pytest.mark.usefixtures("aws")
def test_elsewhere_the_events_of_iam_do_not_come_and_that_is_told():
    elsewhere = enclosed("eu-central-1")
    trails = elsewhere.client("cloudtrail")
    trails.create_trail(Name="all", S3BucketName="logs", IsMultiRegionTrail=True)
    trails.start_logging(Name="all")
    told = check_trail(elsewhere)
    assert told == f"{ALL}; those of IAM come in us-east-1 only: roles are found by polling"


def test_a_trail_that_may_not_be_read_leaves_it_open():
    class Denied:
        region = REGION

        def client(self, _service):
            raise NoCredentialsError

    assert check_trail(Denied()).startswith(CANNOT_TELL)


def test_the_pattern_fits_into_a_rule():
    assert len(dump_pattern(make_pattern())) <= 2048
    json.loads(dump_pattern(make_pattern()))
