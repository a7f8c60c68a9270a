"""Commands with what is due taken in other orders: AWS's answers come in any, so that none may be needed."""

import heapq
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch
from zlib import crc32

from reconciler.apply.execution import Execution
from reconciler.model.plan import Op
from reconciler.resources import KINDS

Order = Callable[[Execution], int]  # of the tasks that are due, the one with the least comes first
PLACES = {kind: place for place, kind in enumerate(KINDS)}  # the kinds that others stand on come first


def as_planned(_task: Execution) -> int:
    """As they became due."""
    return 0


def upside_down(task: Execution) -> int:
    """What stands on others comes before these, and is deleted after them, wherever no edge forbids it."""
    place = PLACES[task.change.address.kind]
    return place if task.change.op is Op.DELETE else -place


def shuffled(seed: int) -> Order:
    """In any order, the same one for a seed."""
    return lambda task: crc32(f"{seed} {task.change.key} {len(task.steps)} {task.tries}".encode())


@contextmanager
def taken(order: Order) -> Iterator[None]:
    """What is due at one moment is taken in this order."""

    def push(queue: list[Any], item: tuple[float, int, Execution]) -> None:
        due, number, task = item
        heapq.heappush(queue, (due, (order(task), number), task))

    with patch("reconciler.apply.ledger.heappush", push):
        yield
