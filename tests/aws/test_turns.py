"""The turns of reads: threads that wait, and a simulated clock."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from threading import BoundedSemaphore, Event

import pytest
from toys import STACK
from wire import Wire, refusal

from reconciler.aws.reads import open_reads
from reconciler.aws.turns import Turns
from reconciler.errors import ReadFailed

BURST = 9  # reads of the tags of log groups that go at once: nine tenths of ten


@dataclass
class Hourglass:
    """A clock that only rests advance."""

    at: float = 0.0

    def now(self):
        return self.at

    def rest(self, seconds):
        self.at += seconds


def tags_of(reads, number):
    return reads.ask("logs", "list_tags_for_resource", "tags", resourceArn=f"arn:{number}")


def clusters(reads, number):
    return reads.ask("ecs", "describe_clusters", "clusters", clusters=[str(number)])


def test_a_read_waits_for_its_turn():
    clock = Hourglass()
    turns = Turns(clock.now, clock.rest)
    for _ in range(37):
        turns.wait("elbv2", "describe_rules")
    assert clock.at == pytest.approx(1 / 9)


def test_reads_of_several_services_take_as_long_as_those_of_the_slowest():
    clock = Hourglass()
    turns = Turns(clock.now, clock.rest)
    for _ in range(200):
        turns.wait("ecr", "describe_images")
        turns.wait("ecs", "describe_task_definition")
        turns.wait("servicediscovery", "list_tags_for_resource")
        turns.wait("logs", "describe_log_groups")
    assert clock.at == pytest.approx((200 - BURST) / 9)


def test_operations_of_ec2_and_of_cloudwatch_have_buckets_of_their_own():
    clock = Hourglass()
    turns = Turns(clock.now, clock.rest)
    for operation in ("get_dashboard", "list_dashboards", "list_tags_for_resource"):
        for _ in range(BURST):
            turns.wait("cloudwatch", operation)
    assert clock.at == 0


def test_reads_that_wait_for_their_turn_keep_no_other_bucket_from_draining():
    """One map asks two services. The one whose bucket is empty has to wait until the other one is done."""
    others_done, asked = Event(), []

    def say(operation, _body):
        asked.append(operation)
        if asked.count("DescribeClusters") == 5:
            others_done.set()
        return {"tags": {}, "clusters": []}

    wire = Wire(say)
    turns = Turns(lambda: 0.0, lambda _: others_done.wait(20), BoundedSemaphore(1))
    questions = [(tags_of, n) for n in range(BURST + 5)] + [(clusters, n) for n in range(5)]
    with open_reads(wire.aws, STACK, turns=turns) as reads:
        reads.map(lambda question: question[0](reads, question[1]), questions)
    assert asked.index("DescribeClusters") < len(asked) - 5
    assert asked[-5:] == ["ListTagsForResource"] * 5


def test_a_stop_ends_every_wait_and_takes_no_further_turn():
    stop, rests = Event(), []

    def rest(seconds):
        rests.append(seconds)
        stop.set()

    wire = Wire(lambda *_: {"tags": {}})
    with open_reads(wire.aws, STACK, turns=Turns(lambda: 0.0, rest)) as reads:
        view = reads.fresh(stop)
        with pytest.raises(ReadFailed, match="stopped"):
            view.map(lambda n: tags_of(view, n), range(100))
    assert len(rests) == 1
    assert wire.sent["ListTagsForResource"] <= BURST


def test_a_stop_wakes_who_sleeps_for_hours():
    stop, sleeps = Event(), Event()
    turns = Turns(lambda: sleeps.set() or 0.0)
    for _ in range(10_000):
        turns.take_turn("logs", "list_tags_for_resource")
    sleeps.clear()
    with ThreadPoolExecutor(20) as pool:
        waits = [pool.submit(turns.wait, "logs", "list_tags_for_resource", stop, Event()) for _ in range(20)]
        assert sleeps.wait(20)
        stop.set()
        assert [wait.result(20) for wait in waits] == [None] * 20


def test_what_still_waits_when_a_read_has_failed_asks_nothing_more():
    """The error is that of the read that failed, also where another one of the map notices first."""
    failing = Event()

    def say(operation, _body):
        return refusal("AccessDeniedException") if operation == "DescribeClusters" else {"tags": {}}

    def ask(question):
        number, fails = question
        if fails:
            failing.wait(20)
            return reads.map(lambda n: clusters(reads, n), [number])
        return tags_of(reads, number)

    wire = Wire(say)
    turns = Turns(lambda: 0.0, lambda _: failing.set() or reads._answers.given_up.wait(20))
    with open_reads(wire.aws, STACK, turns=turns) as reads:
        questions = [*((n, False) for n in range(BURST + 5)), (0, True)]
        with pytest.raises(ReadFailed, match=r"did not answer ecs.describe_clusters"):
            reads.map(ask, questions)
    assert wire.sent == {"ListTagsForResource": BURST, "DescribeClusters": 1}


def test_a_view_that_is_left_waits_for_nobody():
    wire = Wire(lambda *_: {"tags": {}})
    turns = Turns()
    for _ in range(10_000):
        turns.take_turn("logs", "list_tags_for_resource")
    with open_reads(wire.aws, STACK, turns=turns) as reads:
        reads.meanwhile(tags_of, reads, 1)
    assert not wire.sent


def test_a_wait_that_has_ended_takes_no_token():
    turns, ended = Turns(lambda: 0.0, lambda _: None), Event()
    ended.set()
    for _ in range(100):
        turns.wait("elbv2", "describe_rules", ended)
    assert turns.take_turn("elbv2", "describe_rules") == 0
