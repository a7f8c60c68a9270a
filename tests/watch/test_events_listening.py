"""Bursts are collapsed, messages deleted when their round was asked for; no thread, no clock."""

from collections import Counter
from threading import Event

import pytest
from botocore.exceptions import ClientError
from test_events_heard import call

from reconciler.aws.trail.ours import Ours
from reconciler.watch.events.index import Index, Known
from reconciler.watch.events.listening import Came, Listening, listen, region_of


class Simulated:
    """A queue and a clock: a poll without messages takes as long as it may."""

    def __init__(self) -> None:
        self.time = 0.0
        self.batches: list[list[str]] = []
        self.polls: list[int] = []
        self.deleted: list[str] = []
        self.woken: list[tuple[float, str, str]] = []
        self.counted: Counter[Came] = Counter()
        index = Index()
        for stack in ("dev", "prod"):
            index.put(stack, Known(frozenset({f"sg-{stack}", "sg-both"}), Ours(f"demo/{stack}/r")))
        self.listening = Listening(
            self, index, self.wake, lambda came: self.counted.update([came]), lambda: self.time
        )

    def receive(self, seconds):
        self.polls.append(seconds)
        if not self.batches:
            self.time += seconds
            return []
        self.time += 0.1
        return [(body, f"receipt-{len(self.polls)}-{i}") for i, body in enumerate(self.batches.pop(0))]

    def delete(self, receipts):
        self.deleted += receipts

    def wake(self, stack, why):
        self.woken.append((self.time, stack, why))

    def turn(self, times=1):
        for _ in range(times):
            self.listening.turn()


@pytest.fixture
def queue():
    return Simulated()


def touch(group):
    return call("AuthorizeSecurityGroupIngress", {"groupId": group})


def test_a_burst_wakes_a_stack_once_some_seconds_after_its_first_event(queue):
    queue.batches = [[touch("sg-dev")] * 3, [touch("sg-dev")]]
    queue.turn(2)
    assert (queue.woken, queue.deleted) == ([], [])
    queue.turn()
    ((at, stack, why),) = queue.woken
    assert (round(at), stack, why) == (5, "dev", "AuthorizeSecurityGroupIngress by user alice")
    assert len(queue.deleted) == 4
    queue.turn()
    assert len(queue.woken) == 1


def test_a_poll_is_long_and_no_longer_than_a_burst_waits(queue):
    queue.batches = [[touch("sg-dev")]]
    queue.turn(2)
    assert queue.polls == [10, 5]


def test_a_message_for_two_stacks_is_deleted_when_both_are_woken(queue):
    queue.batches = [[touch("sg-dev")]]
    queue.turn()
    queue.time += 3
    queue.batches = [[touch("sg-both")]]
    queue.turn(2)
    assert [stack for _, stack, _ in queue.woken] == ["dev"]
    assert queue.deleted == ["receipt-1-0"]
    queue.turn()
    assert [stack for _, stack, _ in queue.woken] == ["dev", "prod"]
    assert queue.deleted == ["receipt-1-0", "receipt-2-0"]


def test_what_wakes_nobody_is_deleted_at_once_and_counted(queue):
    queue.batches = [["rubbish", touch("sg-of-others"), call("DeleteVpc", {"vpcId": "x"}, errorCode="Denied")]]
    queue.turn()
    assert len(queue.deleted) == 3
    assert queue.counted == {Came.UNREADABLE: 1, Came.NO_STACK: 1, Came.NO_CHANGE: 1}


def test_a_queue_that_cannot_be_read_is_told_once_and_again_when_it_can():
    told, stop, failures = [], Event(), [True, True, False]

    class Broken(Simulated):
        def receive(self, _seconds):
            if failures.pop(0):
                raise ClientError({"Error": {"Code": "AccessDenied"}}, "ReceiveMessage")
            stop.set()
            return []

    stop.wait = lambda _seconds: False  # type: ignore[method-assign]  # no test looks at a clock
    listen(Broken().listening, stop, told.append)
    assert told == ["the queue cannot be read (AccessDenied): polling only", ""]


@pytest.mark.parametrize(
    ("url", "region"),
    [
        ("https://sqs.eu-west-1.amazonaws.com/123456789012/q", "eu-west-1"),
        ("https://sqs.cn-north-1.amazonaws.com.cn/123456789012/q", "cn-north-1"),
        ("http://127.0.0.1:5000/123456789012/q", "us-east-1"),
    ],
)
def test_a_queue_is_asked_in_its_own_region(url, region):
    assert region_of(url, "us-east-1") == region
