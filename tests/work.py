"""How work grows with its size: what is quadratic fails a test on every machine, and a slow machine none."""

import sys
import threading
from collections.abc import Callable
from itertools import count
from time import thread_time
from typing import Any

# Of `growth`: it is 2 if each thing takes as much work, and 4 if each looks at all others. As it is counted and
# not timed, a little more than 2 tells already that each looks at all others, if only for an instant.
AT_MOST = 2.1

Prepare = Callable[[int], Callable[[], object]]  # of a size; what it returns is the work


def count_lines(work: Callable[[], object]) -> int:
    """Count the lines of Python that run, each as often as it runs, also in threads that the work starts."""
    numbers = count()

    def trace(_frame: Any, event: str, _arg: object) -> Any:
        if event == "line":
            next(numbers)
        return trace

    coverage, of_threads = sys.gettrace(), threading.gettrace()
    threading.settrace(trace)
    sys.settrace(trace)
    try:
        work()
    finally:
        sys.settrace(coverage)
        threading.settrace(of_threads)  # type: ignore[arg-type] # typeshed: None is the way to have none
    return next(numbers)


def growth(prepare: Prepare, size: int) -> float:
    """Return how many times the lines that twice the size runs more are run more by twice that size."""
    prepare(size)()  # what is imported and cached at first is no work of this size
    once, twice, four_times = (count_lines(prepare(n * size)) for n in (1, 2, 4))
    return (four_times - twice) / max(twice - once, 1)


def grows_linearly(prepare: Prepare, size: int, rounds: int = 30) -> bool:
    """Tell whether twice the size takes twice the time, for work in C, such as that of regular expressions.

    The quickest of some rounds counts: other programs make a round slower, but none makes four of two.
    """
    small, large = prepare(size), prepare(2 * size)
    took_small = took_large = float("inf")
    for _ in range(rounds):
        took_small, took_large = min(took_small, _time(small)), min(took_large, _time(large))
        if took_large < 3 * took_small:
            return True
    return False


def _time(work: Callable[[], object]) -> float:
    begun = thread_time()
    work()
    return thread_time() - begun
