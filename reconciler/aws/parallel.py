"""Run functions in the threads of a pool, without a deadlock where they run functions in it themselves."""

from collections import deque
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from itertools import islice
from typing import TypeVar

T = TypeVar("T")
R = TypeVar("R")
AT_ONCE = 32  # items of one map: AWS allows no more than 20 reads of a kind a second, and answers within one


def begin(pool: ThreadPoolExecutor, fn: Callable[[], R]) -> Callable[[], R]:
    """Begin `fn` in a thread of the pool, and return a function that waits for its result.

    If no thread has begun it by then, `fn` runs in the thread that wants the result: nobody waits for a thread
    that may never be free.
    """
    begun = pool.submit(fn)
    return lambda: fn() if begun.cancel() else begun.result()


def map_in(pool: ThreadPoolExecutor, fn: Callable[[T], R], items: Iterable[T]) -> list[R]:
    """Return fn of each item, in order. At most `AT_ONCE` of them have begun and are not done."""
    waiting = iter(items)
    begun = deque(begin(pool, partial(fn, item)) for item in islice(waiting, AT_ONCE))
    found = []
    while begun:
        found.append(begun.popleft()())
        begun.extend(begin(pool, partial(fn, item)) for item in islice(waiting, 1))
    return found


def batches(items: Iterable[T], size: int) -> list[list[T]]:
    """Return the items in lists of at most `size`."""
    found = list(items)
    return [found[i : i + size] for i in range(0, len(found), size)]
