"""Run a function over many items in a pool of threads, without a deadlock if the function does so too."""

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from threading import local
from typing import TypeVar

T = TypeVar("T")
R = TypeVar("R")
_THREAD = local()  # its `pool` is the pool that this thread runs an item of


def map_in(pool: ThreadPoolExecutor, fn: Callable[[T], R], items: Iterable[T]) -> list[R]:
    """Return fn of each item, in order.

    Within a thread of this pool they run one by one, to avoid a deadlock.
    """
    if getattr(_THREAD, "pool", None) is pool:
        return [fn(item) for item in items]

    def run(item: T) -> R:
        _THREAD.pool = pool
        try:
            return fn(item)
        finally:
            _THREAD.pool = None

    return list(pool.map(run, items))
