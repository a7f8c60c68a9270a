import json
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from support import calls, client, connection, differences, look, make, see, settle

from reconciler.model.differences import MISSING, ValueDiff
from reconciler.model.drift import Severity
from reconciler.model.spec import Live
from reconciler.model.tags import STACK
from reconciler.resources.event_rule import KIND, EventRule, Target, dump_pattern, from_aws, judge
from reconciler.resources.sqs_queue import Sender, SqsQueue
from reconciler.sandbox.faults.answers import FAULT_HEADER

NAME = "drift-events-dev"
ARN = f"arn:aws:events:us-east-1:123456789012:rule/{NAME}"
PATTERN = dump_pattern({"source": ["aws.ecs"]})
QUEUE = make(SqsQueue, NAME, senders=frozenset({Sender(service="events.amazonaws.com", source=ARN)}))
TO_QUEUE = Target(id="queue", queue=QUEUE.ref("arn"))


def rule(**fields):
    given = {"description": "tells", "pattern": PATTERN, "targets": frozenset({TO_QUEUE})} | fields
    return make(EventRule, NAME, **given)


def live(**fields):
    return Live(rule(**fields), {"id": NAME, "arn": ARN})


def events():
    return client("events")


def test_an_answer_becomes_a_spec():
    answer = {"Name": NAME, "Arn": ARN, "EventPattern": ' {"source" : ["aws.ecs"]}', "State": "DISABLED"}
    found = from_aws(answer, [{"Id": "a", "Arn": "arn:q"}, {"Id": "b", "Arn": "arn:f", "RoleArn": "arn:r"}], {})
    assert (found.pattern, found.state, found.description) == (PATTERN, "DISABLED", "")
    assert {(t.id, t.queue.name, t.other) for t in found.targets} == {
        ("a", "arn:q", None),
        ("b", "arn:f", '{"RoleArn":"arn:r"}'),
    }


def test_a_schedule_of_this_name_is_a_rule_without_a_pattern():
    assert from_aws({"Name": NAME, "Arn": ARN, "ScheduleExpression": "rate(1 day)"}, [], {}).pattern == ""


def test_a_rule_is_made_with_its_tags_before_its_targets():
    (put, targets) = calls(KIND.ensure(rule(), None))
    assert put[0] == "put_rule"
    assert {tag["Key"] for tag in put[1]["Tags"]} >= {STACK}
    assert targets == ("put_targets", {"Rule": NAME, "Targets": [{"Id": "queue", "Arn": QUEUE.ref("arn")}]})


def test_targets_are_removed_before_the_rule():
    (remove, delete) = calls(KIND.remove(live()))
    assert (remove, delete) == (
        ("remove_targets", {"Rule": NAME, "Ids": ["queue"]}),
        ("delete_rule", {"Name": NAME}),
    )


def test_a_rule_that_lost_its_targets_is_deleted_without_removing_any():
    assert [operation for operation, _ in calls(KIND.remove(live(targets=frozenset())))] == ["delete_rule"]


@contextmanager
def first_entries_refused() -> Iterator[Counter[str]]:
    """Refuse the entries of each operation's first call, in an answer that is no error. Count the calls."""
    sent = Counter[str]()

    def refuse(event_name: str, request: Any, **_: Any) -> None:
        operation = event_name.rpartition(".")[2]
        sent[operation] += 1
        if sent[operation] == 1:
            request.headers[FAULT_HEADER] = "entries"

    made = connection().client("events", retries=False).meta.events
    made.register_first("before-send", refuse)
    try:
        yield sent
    finally:
        made.unregister("before-send", refuse)


@pytest.mark.usefixtures("aws")
class TestOnAws:
    def test_it_is_made_and_nothing_is_left_to_do_and_it_is_deleted(self):
        assert settle([rule(), QUEUE]) == [f"create event_rule.{NAME}", f"create sqs_queue.{NAME}"]
        assert settle([], [rule(), QUEUE]) == [f"delete event_rule.{NAME}", f"delete sqs_queue.{NAME}"]
        assert events().list_rules()["Rules"] == []

    @pytest.mark.parametrize(
        ("damage", "field"),
        [
            (lambda: events().disable_rule(Name=NAME), "state"),
            (
                lambda: events().put_rule(Name=NAME, EventPattern='{"source":["x"]}', Description="tells"),
                "pattern",
            ),
            (lambda: events().put_rule(Name=NAME, EventPattern=PATTERN, Description="other"), "description"),
            (lambda: events().remove_targets(Rule=NAME, Ids=["queue"]), "targets"),
            (
                lambda: events().put_targets(
                    Rule=NAME, Targets=[{"Id": "spy", "Arn": "arn:aws:sqs:us-east-1:1:s"}]
                ),
                "targets",
            ),
            (
                lambda: events().tag_resource(ResourceARN=ARN, Tags=[{"Key": "team", "Value": "theirs"}]),
                "tags",
            ),
        ],
        ids=["disabled", "pattern", "description", "no target", "another target", "tag"],
    )
    def test_what_is_changed_by_hand_is_found_and_put_right(self, damage, field):
        want = rule().model_copy(update={"tags": {**rule().tags, "team": "ours"}})
        settle([want, QUEUE])
        damage()
        assert differences(see([want, QUEUE])) == {f"event_rule.{NAME}": [field]}
        settle([want, QUEUE])
        (target,) = events().list_targets_by_rule(Rule=NAME)["Targets"]
        assert target["Id"] == "queue"

    def test_a_change_of_the_rule_keeps_its_targets(self):
        settle([rule(), QUEUE])
        settle([rule(description="new"), QUEUE])
        assert len(events().list_targets_by_rule(Rule=NAME)["Targets"]) == 1

    def test_targets_that_are_not_taken_at_first_are_sent_again(self):
        with first_entries_refused() as sent:
            settle([rule(), QUEUE])
            settle([], [rule(), QUEUE])
        assert sent == {"PutRule": 1, "PutTargets": 2, "RemoveTargets": 2, "DeleteRule": 1}

    def test_a_strangers_rule_of_this_name_stops_the_plan(self):
        events().put_rule(Name=NAME, EventPattern=PATTERN)
        assert see([rule(), QUEUE]).conflicts

    def test_rules_of_others_are_left_alone(self):
        events().put_rule(Name="theirs", EventPattern=PATTERN)
        assert not see([]).changes

    def test_the_queue_lets_the_rule_send(self):
        settle([rule(pattern=dump_pattern({"source": ["shop"]})), QUEUE])
        events().put_events(Entries=[{"Source": "shop", "DetailType": "x", "Detail": "{}"}])
        sqs = client("sqs")
        url = sqs.get_queue_url(QueueName=NAME)["QueueUrl"]
        (message,) = sqs.receive_message(QueueUrl=url)["Messages"]
        assert json.loads(message["Body"])["source"] == "shop"


def test_a_target_more_is_a_matter_of_security_and_one_less_is_not():
    more = ValueDiff(("targets", "x"), "x", MISSING, item=True)
    less = ValueDiff(("targets", "x"), MISSING, "x", item=True)
    assert judge(rule(), rule(), more) is Severity.SECURITY
    assert judge(rule(), rule(), less) is Severity.CONFIGURATION


@pytest.mark.usefixtures("aws")
@pytest.mark.parametrize("others", [[], [{"Key": STACK, "Value": "else/dev/us-east-1"}]])
def test_a_rule_of_others_that_is_named_like_ours_is_not_read(others):
    events().put_rule(Name="parcels-dev", EventPattern=PATTERN, Tags=others)
    assert look([rule()]) == []
