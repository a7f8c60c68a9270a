import json
from typing import Any

import pytest
from scripted import ScriptedAws, read, refused
from support import calls, client, differences, look, make, see, settle

from reconciler.drift.severity import rate
from reconciler.model.differences import MISSING, ValueDiff
from reconciler.model.drift import Severity
from reconciler.model.references import Json, Ref
from reconciler.resources.sqs_queue import KIND, Sender, SqsQueue, decode_policy, encode_policy

NAME = "letters-dev"
RULE = Sender(service="events.amazonaws.com", source="arn:aws:events:us-east-1:123456789012:rule/r")


def queue(**fields: Any) -> SqsQueue:
    return make(SqsQueue, NAME, **{"retention": 600, **fields})


def url() -> str:
    found: str = client("sqs").get_queue_url(QueueName=NAME)["QueueUrl"]
    return found


def change(**attributes: str) -> None:
    client("sqs").set_queue_attributes(QueueUrl=url(), Attributes=attributes)


def test_a_policy_is_read_as_the_senders_it_was_written_for():
    document = encode_policy(frozenset({RULE}), Ref("sqs_queue", NAME, "arn"))
    text = json.dumps({**document, "Statement": [{**s, "Resource": "arn"} for s in document["Statement"]]})
    assert decode_policy(text) == (frozenset({RULE}), "")


def test_who_else_may_send_or_read_is_a_matter_of_security():
    def judge(field: str, live: object, want: object) -> Severity:
        return rate(KIND, queue(), queue(), ValueDiff((field,), live, want))

    assert judge("other_policy", "{}", "") is Severity.SECURITY
    assert judge("senders", RULE, MISSING) is Severity.SECURITY
    assert judge("senders", MISSING, RULE) is Severity.AVAILABILITY


@pytest.mark.parametrize(
    "odd",
    [
        {"Principal": "*"},
        {"Principal": {"Service": "events.amazonaws.com", "AWS": "*"}},
        {"Condition": {}},
        {"Condition": {"ArnLike": {"aws:SourceArn": RULE.source}}},
        {"Action": ["sqs:SendMessage", "sqs:ReceiveMessage"]},
        {"NotAction": "sqs:DeleteQueue"},
    ],
)
def test_a_policy_of_any_other_form_is_kept_as_it_is(odd):
    document = encode_policy(frozenset({RULE}), Ref("sqs_queue", NAME, "arn"))
    text = json.dumps({"Statement": [{**document["Statement"][0], "Resource": "arn", **odd}]})
    senders, other = decode_policy(text)
    assert (senders, json.loads(other)) == (frozenset(), json.loads(text))


def test_the_policy_of_a_new_queue_comes_last_as_it_names_the_queue():
    made = calls(KIND.ensure(queue(senders={RULE}), None))
    assert [operation for operation, _ in made] == [
        "create_queue",
        "get_queue_attributes",
        "set_queue_attributes",
    ]
    assert "Policy" not in made[0][1]["Attributes"]
    assert isinstance(made[2][1]["Attributes"]["Policy"], Json)


@pytest.mark.usefixtures("aws")
@pytest.mark.parametrize("senders", [frozenset(), frozenset({RULE})], ids=["nobody", "a rule"])
def test_it_is_made_and_nothing_is_left_to_do_and_it_is_deleted(senders):
    assert settle([queue(senders=senders)]) == [f"create sqs_queue.{NAME}"]
    assert settle([], [queue(senders=senders)]) == [f"delete sqs_queue.{NAME}"]
    assert look([queue()]) == []


@pytest.mark.usefixtures("aws")
@pytest.mark.parametrize(
    ("field", "attributes"),
    [
        ("retention", {"MessageRetentionPeriod": "60"}),
        ("encrypted", {"SqsManagedSseEnabled": "false"}),
        ("other_policy", {"Policy": json.dumps({"Statement": [{"Effect": "Allow", "Principal": "*"}]})}),
    ],
)
def test_a_field_that_was_changed_by_hand_is_put_right(field, attributes):
    settle([queue()])
    change(**attributes)
    assert differences(see([queue()])) == {f"sqs_queue.{NAME}": [field]}
    settle([queue()])


@pytest.mark.usefixtures("aws")
def test_a_policy_stays_where_another_field_is_put_right():
    wanted = queue(senders={RULE})
    settle([wanted])
    change(MessageRetentionPeriod="60")
    settle([wanted])


@pytest.mark.usefixtures("aws")
def test_a_tag_that_was_changed_by_hand_is_put_right_and_others_stay():
    settle([queue()])
    client("sqs").tag_queue(QueueUrl=url(), Tags={"ecs-reconciler:name": "else", "theirs": "kept"})
    assert differences(see([queue()])) == {f"sqs_queue.{NAME}": ["tags"]}
    settle([queue()])
    assert client("sqs").list_queue_tags(QueueUrl=url())["Tags"]["theirs"] == "kept"


@pytest.mark.usefixtures("aws")
def test_a_strangers_queue_of_the_name_stops_the_plan():
    client("sqs").create_queue(QueueName=NAME)
    (conflict,) = see([queue()]).conflicts
    assert "tag-queue" in conflict.remedy


@pytest.mark.usefixtures("aws")
@pytest.mark.parametrize("others", [{}, {"ecs-reconciler:stack": "else/dev/us-east-1"}])
def test_a_queue_of_others_that_is_named_like_ours_is_not_read(others):
    client("sqs").create_queue(QueueName="parcels-dev", tags=others)
    assert look([queue()]) == []


@pytest.mark.usefixtures("aws")
def test_what_is_lost_with_it_is_told():
    settle([queue()])
    client("sqs").send_message(QueueUrl=url(), MessageBody="a start that failed")
    (live,) = look([queue()])
    assert KIND.relations.loses is not None
    assert KIND.relations.loses(live) == "about 1 message"


def test_a_queue_that_is_deleted_while_it_is_read_is_not_there():
    aws = ScriptedAws(list_queues={"QueueUrls": [f"https://sqs/123456789012/{NAME}"]})
    aws.partition = "aws"  # type: ignore[attr-defined]
    aws.answers["get_queue_attributes"] = refused("AWS.SimpleQueueService.NonExistentQueue")
    assert read(KIND, aws, [queue()]) == []
