"""Tell people of a round: what is news is put into the outbox, and what was told is remembered."""

from reconciler.model.drift import DriftReport
from reconciler.target import Target
from reconciler.watch.memory import Memory
from reconciler.watch.notify.changes import Found, find_news
from reconciler.watch.notify.channels import Surroundings
from reconciler.watch.notify.outbox import Outbox


def tell(outbox: Outbox, target: Target, memory: Memory, report: DriftReport) -> Memory:
    """Have the channels of the file told of a round, given the memory of the rounds before.

    `target` has its connection. Returns the memory with what was told; it neither waits nor raises.
    """
    if target.connected is None:
        return memory
    stack = target.connected.platform.with_region(target.connected.aws.region).stack
    found = Found(stack, report.at, report.drift, report.who, complete=not report.not_compared)
    after, messages = find_news(memory, found)
    channels = target.connected.platform.drift.notify
    outbox.put(channels, Surroundings(target.connected.aws), messages)
    return after
