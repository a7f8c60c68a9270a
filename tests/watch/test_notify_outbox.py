"""Messages that wait: failures are retried and counted, and hold up nobody else."""

from collections import Counter
from types import SimpleNamespace

import pytest
from structlog.testing import capture_logs

from desired_state.drift import Notified
from reconciler.watch.notify.failure import Undeliverable
from reconciler.watch.notify.message import Message, News
from reconciler.watch.notify.outbox import MOST_TRIES, MOST_WAITING, Outbox

ONE, OTHER = (Notified(sns=f"arn:aws:sns:us-east-1:123456789012:{name}") for name in ("one", "other"))
AROUND = SimpleNamespace(aws=SimpleNamespace(region="us-east-1"))


class Receivers:
    """Channels that fail as they are told to, and a clock."""

    def __init__(self) -> None:
        self.time, self.got, self.failures = 0.0, [], {}
        self.counted: Counter[tuple[str, str]] = Counter()
        self.outbox = Outbox(
            count=lambda *found: self.counted.update([found]), now=lambda: self.time, attempt=self.attempt
        )

    def attempt(self, channel, message, _around):
        if failure := self.failures.get(channel.sns):
            raise failure
        self.got.append((channel.sns.rpartition(":")[2], message.id))

    def fail(self, channel, failure):
        self.failures[channel.sns] = failure


@pytest.fixture
def receivers():
    return Receivers()


def message(number=0):
    return Message(News.TEST, "demo/dev/us-east-1", "", id=f"msg_{number}")


def test_a_message_that_fails_is_sent_again_under_its_id_and_other_channels_do_not_wait(receivers):
    receivers.fail(ONE, Undeliverable("busy", again=True))
    receivers.outbox.put([ONE, OTHER], AROUND, [message(1), message(2)])
    assert receivers.outbox.send_due() == 5.0
    assert receivers.got == [("other", "msg_1"), ("other", "msg_2")]
    receivers.failures.clear()
    receivers.time = 5.0
    assert receivers.outbox.send_due() is None
    assert receivers.got[2:] == [("one", "msg_1"), ("one", "msg_2")]
    assert receivers.counted == {("sns", "sent"): 4, ("sns", "retried"): 1}


def test_rests_grow_and_a_message_is_given_up_in_the_end(receivers):
    receivers.fail(ONE, Undeliverable("busy", again=True))
    receivers.outbox.put([ONE], AROUND, [message()])
    rests = []
    while (rest := receivers.outbox.send_due()) is not None:
        rests.append(rest)
        receivers.time += rest
    assert rests[:4] == [5.0, 10.0, 20.0, 40.0]
    assert max(rests) == 900.0
    assert receivers.counted == {("sns", "retried"): MOST_TRIES - 1, ("sns", "failed"): 1}


def test_what_cannot_work_is_not_tried_again(receivers):
    receivers.fail(ONE, Undeliverable("it answered 404"))
    receivers.outbox.put([ONE], AROUND, [message(1), message(2)])
    assert receivers.outbox.send_due() is None
    assert receivers.counted == {("sns", "failed"): 2}


def test_a_receiver_that_is_gone_gets_nothing_of_what_waits(receivers):
    receivers.fail(ONE, Undeliverable("it answered 410", ends=True))
    receivers.outbox.put([ONE], AROUND, [message(1), message(2)])
    assert receivers.outbox.send_due() is None
    assert receivers.counted == {("sns", "failed"): 1}


def test_no_more_wait_than_fit(receivers):
    receivers.outbox.put([ONE], AROUND, [message(i) for i in range(MOST_WAITING + 3)])
    receivers.outbox.send_due()
    assert receivers.got[0] == ("one", "msg_3")
    assert receivers.counted[("sns", "dropped")] == 3


def test_nothing_is_made_of_rounds_without_news(receivers):
    receivers.outbox.put([ONE], AROUND, [])
    assert receivers.outbox.send_due() is None


def test_what_a_process_that_ends_has_not_sent_is_told(receivers):
    receivers.fail(ONE, Undeliverable("it is busy", again=True))
    receivers.outbox.put([ONE, OTHER], AROUND, [message(1), message(2)])
    receivers.outbox.send_due()
    with capture_logs() as logs:
        receivers.outbox.give_up()
    assert [(line["event"], line["why"]) for line in logs] == [("a message was not sent", "it is busy")] * 2
    assert receivers.counted["sns", "failed"] == 2
