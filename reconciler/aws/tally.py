"""Count the read requests of a run, so that a person can be told how far it is."""

from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Lock
from typing import TypeVar

T = TypeVar("T")


@dataclass
class Tally:
    """The read requests so far. Threads share it."""

    answered: int = 0  # requests whose last page is there, or that have failed
    asked: Counter[str] = field(default_factory=Counter)
    """Those that are not answered, by `service.operation`. Some wait for their turns."""
    unbegun: int = 0  # items that are read one by one or in batches, and whose reading has not begun
    _lock: Lock = field(default_factory=Lock)

    @contextmanager
    def asking(self, service: str, operation: str) -> Iterator[None]:
        """Count one request within the block, in which it waits for its turn and is made."""
        with self._lock:
            self.asked[f"{service}.{operation}"] += 1
        try:
            yield
        finally:
            with self._lock:
                self.asked[f"{service}.{operation}"] -= 1
                self.answered += 1

    def count_items(self, items: Iterable[T]) -> list[T]:
        """Return the items, counted as to come. `begin_item` is called as the reading of each begins."""
        found = list(items)
        with self._lock:
            self.unbegun += len(found)
        return found

    def begin_item(self) -> None:
        """Count one item less as to come."""
        with self._lock:
            self.unbegun -= 1

    @property
    def to_come(self) -> int:
        """How many answers are still to come, as far as is known: an item may take several."""
        with self._lock:
            return self.asked.total() + self.unbegun

    @property
    def most_asked(self) -> str:
        """The operation that most requests wait for, such as `ecr.get_lifecycle_policy`; empty if none does."""
        with self._lock:
            operation, count = max(self.asked.items(), key=lambda item: item[1], default=("", 0))
        return operation if count else ""
