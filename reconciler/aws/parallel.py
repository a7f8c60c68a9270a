"""Run a function over many items in a pool of threads, even where the function itself does so."""

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from threading import local
from typing import TypeVar

T = TypeVar("T")
R = TypeVar("R")
_THREAD = local()  # its `pool` is the one whose item this thread runs


def map_in(pool: ThreadPoolExecutor, fn: Callable[[T], R], items: Iterable[T]) -> list[R]:
    """Return fn of each item, in order; one by one in a thread of this pool, whose others may all wait for it."""
    if getattr(_THREAD, "pool", None) is pool:
        return [fn(item) for item in items]

    def run(item: T) -> R:
        _THREAD.pool = pool
        try:
            return fn(item)
        finally:
            _THREAD.pool = None

    return list(pool.map(run, items))
