"""Orders of due changes: AWS's answers arrive in any order, so no command may depend on a particular one."""

from bisect import insort
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

    def insert(line: list[Any], due: tuple[float, int, float, Execution]) -> None:
        _, number, since, execution = due
        insort(line, (order(execution), number, since, execution))

    with patch("reconciler.apply.line.insort", insert):
        yield
