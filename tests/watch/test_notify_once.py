"""A single round tells what is new since the round before, which it knows from the stack's lease item."""

import json
from threading import Event

import pytest
from support import client, connection
from test_notify_news import OPENED
from test_notify_telling import report

from desired_state.drift import Drift, DriftCorrection, Notified
from desired_state.platform import Platform
from reconciler.aws.clock import awake_and_asleep
from reconciler.aws.lease.table import ensure_table
from reconciler.watch.memory import Memory
from reconciler.watch.notify.once import channels_of_job, tell_once
from reconciler.watch.remembering import write_memory

TOPIC = "arn:aws:sns:us-east-1:123456789012:ops"
PLATFORM = Platform(platform="demo", environment="dev", drift=Drift(notify=(Notified(sns=TOPIC),)))


@pytest.mark.usefixtures("aws")
def test_news_are_published_once_and_remembered():
    client("sns").create_topic(Name="ops")
    url = client("sqs").create_queue(QueueName="subscriber")["QueueUrl"]
    queue = "arn:aws:sqs:us-east-1:123456789012:subscriber"
    client("sns").subscribe(TopicArn=TOPIC, Protocol="sqs", Endpoint=queue)
    ensure_table(client("dynamodb"), awake_and_asleep(Event()))
    write_memory(connection(), "demo/dev/us-east-1", Memory(rounds=True))
    for looked, left in ((OPENED, OPENED), (OPENED, OPENED), (OPENED, None)):  # the last one corrects it
        after = report(left) if left else report()
        tell_once(connection(), PLATFORM, report(looked), after, Event())
    told = client("sqs").receive_message(QueueUrl=url, MaxNumberOfMessages=10)["Messages"]
    assert [json.loads(m["Body"])["Subject"].partition(": ")[2] for m in told] == [
        "drift appeared (1 difference, security at worst)",
        "drift is gone (1 difference, security at worst)",
    ]


def test_the_job_tells_its_own_channels_or_those_of_every_round():
    assert channels_of_job(PLATFORM) == PLATFORM.drift.notify
    own = PLATFORM.model_copy(update={"drift_correction": DriftCorrection(notify=())})
    assert channels_of_job(own) == ()
