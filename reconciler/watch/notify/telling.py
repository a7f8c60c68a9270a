"""Tell people of a round: what is news is put into the outbox, and what was told is remembered."""

from dataclasses import replace

from reconciler.model.drift import DriftReport
from reconciler.target import Connected, Target
from reconciler.watch.memory import Memory
from reconciler.watch.notify.changes import Found, find_news
from reconciler.watch.notify.channels import Surroundings
from reconciler.watch.notify.message import Message
from reconciler.watch.notify.outbox import Outbox


def tell(outbox: Outbox, target: Target, memory: Memory, looked: DriftReport, left: DriftReport) -> Memory:
    """Have the channels of the file told of a round, given the memory of the rounds before.

    `looked` is what was found, and `left` what is there after corrections. `target` has its connection.
    Returns the memory with what was told; it neither waits nor raises.
    """
    if target.connected is None:
        return memory
    after, messages = find_all_news(memory, looked, left)
    channels = target.connected.platform.drift.notify
    outbox.put(channels, Surroundings(target.connected.aws), messages)
    return after


def tell_message(outbox: Outbox, connected: Connected, message: Message) -> None:
    """Have the channels of the file told of something. It neither waits nor raises."""
    outbox.put(connected.platform.drift.notify, Surroundings(connected.aws), (message,))


def find_all_news(memory: Memory, looked: DriftReport, left: DriftReport) -> tuple[Memory, tuple[Message, ...]]:
    """Return the memory after a round, and its messages: what was corrected at once appeared, and is gone."""
    there = {d.key for d in left.drift}
    corrected = tuple(d for d in looked.drift if d.key not in there)
    stack = looked.scope.stack
    met, first = find_news(memory, Found(stack, looked.at, corrected, looked.who, complete=False))
    met = replace(met, rounds=memory.rounds)
    found = Found(stack, left.at, left.drift, left.who, complete=not left.not_compared)
    after, second = find_news(met if corrected else memory, found)
    return after, (*first, *second)
