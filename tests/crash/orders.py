"""Orders of due changes: AWS's answers arrive in any order, so no command may depend on a particular one."""

import heapq
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch
from zlib import crc32

from reconciler.apply.execution import Execution
from reconciler.model.plan import Op
from reconciler.resources import KINDS

Order = Callable[[Execution], int]  # the due execution with the lowest number runs first
KIND_PLACES = {kind: place for place, kind in enumerate(KINDS)}  # KINDS begins with those that others depend on


def keep_planned_order(_execution: Execution) -> int:
    """Keep the order in which executions became due."""
    return 0


def reverse_dependencies(execution: Execution) -> int:
    """Create dependents before, and delete them after, what they depend on, wherever no edge forbids it."""
    place = KIND_PLACES[execution.change.address.kind]
    return place if execution.change.op is Op.DELETE else -place


def shuffle(seed: int) -> Order:
    """Return a random order, the same for each seed."""
    return lambda execution: crc32(
        f"{seed} {execution.change.key} {len(execution.steps)} {execution.tries}".encode()
    )


@contextmanager
def take_due_in_order(order: Order) -> Iterator[None]:
    """Run executions that are due at the same moment in this order."""

    def push(queue: list[Any], item: tuple[float, int, Execution]) -> None:
        due, number, execution = item
        heapq.heappush(queue, (due, (order(execution), number), execution))

    with patch("reconciler.apply.ledger.heappush", push):
        yield
