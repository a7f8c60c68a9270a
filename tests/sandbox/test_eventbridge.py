"""EventBridge, SQS and SNS: how events of AWS's own come into queues, and what AWS refuses and moto takes."""

import json
from dataclasses import replace
from threading import Thread

import pytest
from botocore.exceptions import ClientError

from reconciler.sandbox import CALM, install

ACCOUNT = "123456789012"
RULE = f"arn:aws:events:us-east-1:{ACCOUNT}:rule/r"
QUEUE = f"arn:aws:sqs:us-east-1:{ACCOUNT}:q"
PATTERN = {"$or": [{"source": ["aws.ecs"]}, {"detail-type": ["AWS API Call via CloudTrail"]}]}


def policy(source=RULE, principal="events.amazonaws.com", effect="Allow"):
    statement = {
        "Effect": effect,
        "Principal": {"Service": principal},
        "Action": "sqs:SendMessage",
        "Resource": QUEUE,
        "Condition": {"ArnEquals": {"aws:SourceArn": source}},
    }
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


@pytest.fixture
def url(client):
    """Return the URL of a queue that gets the events of ECS and the API calls."""
    url = client("sqs").create_queue(QueueName="q", Attributes={"Policy": policy()})["QueueUrl"]
    client("events").put_rule(Name="r", EventPattern=json.dumps(PATTERN))
    client("events").put_targets(Rule="r", Targets=[{"Id": "q", "Arn": QUEUE}])
    return url


@pytest.fixture
def trail(client):
    client("cloudtrail").create_trail(Name="all", S3BucketName="logs")
    client("cloudtrail").start_logging(Name="all")


def received(client, url):
    """Return what has come, the details of each message."""
    found = []
    while messages := client("sqs").receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages"):
        found += [json.loads(message["Body"]) for message in messages]
    return found


def names(client, url):
    return [event["detail"].get("eventName") for event in received(client, url)]


def test_ecs_tells_of_deployments_actions_and_tasks_without_a_trail(client, url):
    ecs = client("ecs")
    ecs.create_cluster(clusterName="c")
    container = {"name": "web", "image": "public.ecr.aws/nginx/nginx:1", "memory": 128}
    ecs.register_task_definition(family="web", containerDefinitions=[container])
    ecs.create_service(cluster="c", serviceName="web", taskDefinition="web", desiredCount=0)
    ecs.describe_services(cluster="c", services=["web"])
    told = received(client, url)
    assert [event["detail"]["eventName"] for event in told] == [
        "SERVICE_DEPLOYMENT_IN_PROGRESS",
        "SERVICE_DEPLOYMENT_COMPLETED",
        "SERVICE_STEADY_STATE",
    ]
    assert {event["source"] for event in told} == {"aws.ecs"}
    assert told[0]["resources"] == [f"arn:aws:ecs:us-east-1:{ACCOUNT}:service/c/web"]


def test_calls_come_only_with_a_trail_that_is_logging(client, url):
    client("ecs").create_cluster(clusterName="before")
    client("cloudtrail").create_trail(Name="all", S3BucketName="logs")
    client("ecs").create_cluster(clusterName="created")
    assert received(client, url) == []
    client("cloudtrail").start_logging(Name="all")
    client("ecs").create_cluster(clusterName="logging")
    client("ecs").describe_clusters()
    calls = received(client, url)
    assert [event["detail"]["requestParameters"]["clusterName"] for event in calls[-1:]] == ["logging"]
    assert calls[-1]["detail-type"] == "AWS API Call via CloudTrail"
    assert "DescribeClusters" not in [event["detail"]["eventName"] for event in calls]


@pytest.mark.usefixtures("trail")
def test_calls_come_some_time_after_they_were_made(client, url, clock):
    received(client, url)
    install(replace(CALM, trail_delay=450), clock=clock)
    client("ecs").create_cluster(clusterName="c")
    assert names(client, url) == []
    clock.advance(150)
    assert "CreateCluster" in names(client, url)


@pytest.mark.usefixtures("trail")
@pytest.mark.parametrize(
    "wrong",
    ["", policy(f"{RULE}s"), policy(principal="sns.amazonaws.com"), policy(effect="Deny")],
    ids=["none", "another rule", "another service", "denied"],
)
def test_a_queue_gets_what_its_policy_lets_the_rule_send(client, url, wrong):
    received(client, url)
    client("sqs").set_queue_attributes(QueueUrl=url, Attributes={"Policy": wrong})
    client("ecs").create_cluster(clusterName="c")
    assert received(client, url) == []


@pytest.mark.usefixtures("trail")
def test_a_rule_that_is_disabled_sends_nothing(client, url):
    client("events").disable_rule(Name="r")
    received(client, url)
    client("ecs").create_cluster(clusterName="c")
    assert received(client, url) == []


def test_nobody_sends_events_in_the_name_of_aws(client, url):
    entry = {"Source": "aws.ecs", "DetailType": "x", "Detail": "{}"}
    answer = client("events").put_events(Entries=[entry, {**entry, "Source": "shop"}])
    assert [each.get("ErrorCode") for each in answer["Entries"]] == ["NotAuthorizedForSourceException", None]
    assert received(client, url) == []


def test_a_rule_with_targets_is_not_deleted_and_has_at_most_five(client, url):
    events = client("events")
    with pytest.raises(ClientError, match="ValidationException"):
        events.delete_rule(Name="r")
    more = [{"Id": str(i), "Arn": QUEUE} for i in range(5)]
    with pytest.raises(ClientError, match="LimitExceededException"):
        events.put_targets(Rule="r", Targets=more)
    events.remove_targets(Rule="r", Ids=["q"])
    events.delete_rule(Name="r")


def test_a_rule_that_is_changed_keeps_its_tags_and_its_targets(client, url):
    events = client("events")
    events.tag_resource(ResourceARN=RULE, Tags=[{"Key": "a", "Value": "b"}])
    events.put_rule(Name="r", EventPattern='{"source": ["x"]}', Tags=[{"Key": "a", "Value": "other"}])
    assert events.list_tags_for_resource(ResourceARN=RULE)["Tags"] == [{"Key": "a", "Value": "b"}]
    assert len(events.list_targets_by_rule(Rule="r")["Targets"]) == 1


def test_the_tagging_index_has_rules(client, url):
    client("events").tag_resource(ResourceARN=RULE, Tags=[{"Key": "a", "Value": "b"}])
    found = client("resourcegroupstaggingapi").get_resources(TagFilters=[{"Key": "a"}])
    assert [each["ResourceARN"] for each in found["ResourceTagMappingList"]] == [RULE]


def test_a_long_poll_holds_up_nobody(client, url, aws):
    """The clock runs: 300 of its seconds are one of ours."""
    aws.clock.speed = 300
    got = []
    reader = Thread(target=lambda: got.append(client("sqs").receive_message(QueueUrl=url, WaitTimeSeconds=20)))
    reader.start()
    client("sqs").send_message(QueueUrl=url, MessageBody="{}")
    reader.join(10)
    assert not reader.is_alive()


def test_a_poll_of_a_clock_that_stands_still_does_not_wait(client, url):
    assert "Messages" not in client("sqs").receive_message(QueueUrl=url, WaitTimeSeconds=20)


@pytest.mark.parametrize("subject", ["two\nlines", "x" * 100, "d\xe9j\xe0", " begins with a space"])
def test_a_subject_is_one_line_of_ascii(client, subject):
    topic = client("sns").create_topic(Name="t")["TopicArn"]
    with pytest.raises(ClientError, match="InvalidParameter"):
        client("sns").publish(TopicArn=topic, Message="m", Subject=subject)
    client("sns").publish(TopicArn=topic, Message="m", Subject="Drift of demo/dev")
