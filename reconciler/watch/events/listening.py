"""Listen to a queue of events, and wake the stacks that they touch.

A burst of events wakes a stack once: the first one is waited on for some seconds. A message is deleted when its
round was asked for. If it is lost, or comes twice, a round is late or one too many: polling is the net below.
"""

import enum
import math
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from threading import Event, Thread
from typing import Any, Protocol

import structlog
from botocore.exceptions import BotoCoreError, ClientError

from reconciler.aws.errors import code
from reconciler.watch.events.heard import read_message
from reconciler.watch.events.index import Index

log = structlog.get_logger()

BURST = 5.0  # seconds from the first event that touches a stack until it is woken
LONGEST_POLL = 10  # seconds of a long poll; SQS allows 20, and an answer is waited for 15
BATCH = 10  # messages at a time, SQS's most
LONGEST_REST = 60.0  # seconds after failures in a row


class Came(enum.StrEnum):
    """Says what became of a message. There are few, as each one is a label of a metric."""

    WOKE = "woke"
    OURS = "ours"  # a run of this program made the call
    NO_STACK = "no stack"  # it touches none that is watched
    NO_CHANGE = "no change"  # a call that AWS refused, a task that goes on
    UNREADABLE = "unreadable"


class Queue(Protocol):
    """A queue of events."""

    def receive(self, seconds: int) -> Sequence[tuple[str, str]]:
        """Return up to `BATCH` messages, each with its receipt, or none after this long."""

    def delete(self, receipts: Sequence[str]) -> None:
        """Delete messages."""


@dataclass(frozen=True)
class SqsQueue:
    """A queue of SQS."""

    client: Any
    url: str

    def receive(self, seconds: int) -> Sequence[tuple[str, str]]:
        """Return up to `BATCH` messages."""
        answer = self.client.receive_message(
            QueueUrl=self.url, MaxNumberOfMessages=BATCH, WaitTimeSeconds=seconds
        )
        return [(str(m.get("Body", "")), str(m["ReceiptHandle"])) for m in answer.get("Messages", ())]

    def delete(self, receipts: Sequence[str]) -> None:
        """Delete messages. One that is not deleted comes again, which does no harm."""
        for start in range(0, len(receipts), BATCH):
            batch = [{"Id": str(i), "ReceiptHandle": r} for i, r in enumerate(receipts[start : start + BATCH])]
            self.client.delete_message_batch(QueueUrl=self.url, Entries=batch)


@dataclass
class Burst:
    """Events that wake a stack together."""

    why: str  # the first one, for people
    due: float
    receipts: list[str] = field(default_factory=list)


@dataclass
class Listening:
    """What is heard of a queue. One thread uses it; the clock is in seconds."""

    queue: Queue
    index: Index
    wake: Callable[[str, str], object]  # is given a stack, and why
    count: Callable[[Came], object] = lambda _came: None
    now: Callable[[], float] = time.monotonic
    bursts: dict[str, Burst] = field(default_factory=dict)

    def turn(self) -> None:
        """Wait for messages, until a burst is due at most; wake what is due, and delete what is done with."""
        rest = min((b.due - self.now() for b in self.bursts.values()), default=float(LONGEST_POLL))
        messages = self.queue.receive(math.ceil(min(max(rest, 0.0), LONGEST_POLL)))
        done = [receipt for body, receipt in messages if not self._take(body, receipt)]
        self.queue.delete([*done, *self._wake_due()])

    def _take(self, body: str, receipt: str) -> bool:
        """Note what a message asks for. Return whether it is kept until its burst is due."""
        try:
            heard = read_message(body)
        except ValueError as error:
            log.info("a message of the queue is deleted unread", why=str(error))
            self.count(Came.UNREADABLE)
            return False
        touched = self.index.find(heard) if heard.matters else {}
        stacks = [stack for stack, is_own in touched.items() if not is_own]
        self.count(_came(stacks, touched, matters=heard.matters))
        for stack in stacks:
            burst = self.bursts.setdefault(stack, Burst(heard.words, self.now() + BURST))
            burst.receipts.append(receipt)
        return bool(stacks)

    def _wake_due(self) -> Iterable[str]:
        """Wake the stacks whose bursts are due, and return the receipts that no other stack waits for."""
        due = {stack: burst for stack, burst in self.bursts.items() if burst.due <= self.now()}
        for stack, burst in due.items():
            self.wake(stack, burst.why)
            del self.bursts[stack]
        waiting = {receipt for burst in self.bursts.values() for receipt in burst.receipts}
        receipts = dict.fromkeys(receipt for burst in due.values() for receipt in burst.receipts)
        return [receipt for receipt in receipts if receipt not in waiting]


def _came(stacks: Sequence[str], touched: Mapping[str, bool], *, matters: bool) -> Came:
    if not matters:
        return Came.NO_CHANGE
    return Came.WOKE if stacks else Came.OURS if touched else Came.NO_STACK


def listen(listening: Listening, stop: Event, tell: Callable[[str], object]) -> None:
    """Listen until `stop` is set. `tell` is told when the queue cannot be read, and when it can be again."""
    failures = 0
    while not stop.is_set():
        try:
            listening.turn()
        except (ClientError, BotoCoreError) as error:
            failures += 1
            if failures == 1:
                why = code(error) or type(error).__name__
                tell(f"the queue cannot be read ({why}): polling only")
            stop.wait(min(2.0**failures, LONGEST_REST))
        else:
            if failures:
                tell("")
            failures = 0


def start_listening(listening: Listening, stop: Event, tell: Callable[[str], object]) -> None:
    """Listen in a thread of its own. The process does not wait for it: a poll may take some seconds."""
    Thread(target=listen, args=(listening, stop, tell), name="events", daemon=True).start()


def region_of(url: str, otherwise: str) -> str:
    """Return the region in a queue's URL; `otherwise` if it has none, as of an endpoint that is set."""
    host = url.partition("://")[2].partition("/")[0].split(".")
    is_aws = len(host) > 3 and host[0] == "sqs" and "amazonaws" in host  # noqa: PLR2004 - sqs.REGION.amazonaws.com
    return host[1] if is_aws else otherwise
