"""How the suite comes to its end soon: what is long begins first, and nothing is done again and again.

A plugin of pytest, which `conftest` names.
"""

import gc
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import TypeVar

import pytest
from botocore import useragent
from coverage import Coverage
from moto.core import models

from reconciler.cli.collector import start_collecting

T = TypeVar("T")
TESTS = Path(__file__).parent

# The seconds that a test of these files takes, see `pytest --durations=150`; any other takes less than five.
LONG = {
    "end_to_end/test_crash_sample.py": 40,
    "end_to_end/test_lease_of_processes.py": 25,
    "watch/test_watch_memory_use.py": 25,
    "end_to_end/test_end_to_end.py": 20,
    "end_to_end/test_https_names.py": 8,
    "end_to_end/test_https_requests.py": 8,
    "end_to_end/test_watch_of_processes.py": 15,
    "project/test_exercises.py": 12,
    "end_to_end/test_crowded_account.py": 10,
    "sandbox/test_work_of_calls.py": 10,
    "end_to_end/test_any_network.py": 10,
    "end_to_end/test_call_counts.py": 8,
    "end_to_end/test_rehearse.py": 5,
    "platforms/test_platforms.py": 5,
}
ON_ALL_CORES = "end_to_end/test_crash_sample.py"  # by processes of its own: one of its tests at a time

# Tracing for coverage doubles the time of all that Python runs, botocore and moto too. These tests run over and
# over what others run once: the first are not traced, and of each test of the second only its first case is.
REPEATED = (
    "end_to_end/test_call_counts.py",
    "end_to_end/test_crash_sample.py",
    "end_to_end/test_crowded_account.py",
    "end_to_end/test_lease_of_processes.py",
    "end_to_end/test_rehearse.py::test_sixty_services",
    "sandbox/test_work_of_calls.py",
    "watch/test_watch_memory_use.py",
)
OF_MANY_CASES = (
    "end_to_end/test_changed_fields.py",
    "end_to_end/test_crash_inventory.py",
    "end_to_end/test_foreign.py",
    "end_to_end/test_moving_requests.py",
    "end_to_end/test_order_of_calls.py",
    "platforms/test_platforms.py",
    "sandbox/test_partitions.py",
)

gc.disable()  # until all tests are collected
models.RESPONSES_METHODS.clear()  # 1,900 mocks of `requests` for each test: botocore does not use it
useragent.sanitize_user_agent_string_component = cache(useragent.sanitize_user_agent_string_component)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Deal the tests out to xdist's workers, if there are any."""
    if given := getattr(config, "workerinput", None):
        items[:] = deal(items, given["workercount"], seconds_of, lambda item: is_of(item, ON_ALL_CORES))


def pytest_collection_finish() -> None:
    """Let the garbage collector leave alone what stays: all modules and tests, half a million objects."""
    gc.collect()
    start_collecting()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Iterator[None]:
    """Trace no test that runs what others run, nor the processes that it begins."""
    tracing = Coverage.current()
    if tracing is None or is_traced(item):
        return (yield)
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("COVERAGE_PROCESS_CONFIG", raising=False)
        tracing.stop()
        try:
            return (yield)
        finally:
            tracing.start()


def deal(
    items: Sequence[T], workers: int, seconds: Callable[[T], int], on_all_cores: Callable[[T], bool]
) -> list[T]:
    """Return the items in an order in which each worker begins with its share of the long ones.

    With `--dist worksteal` each worker is given as many of them as the others, one after another, and who has
    come to the end of his takes from the end of another's.
    """
    hands: list[list[T]] = [[] for _ in range(workers)]
    loads = [0] * workers
    for item in sorted(filter(seconds, items), key=seconds, reverse=True):
        whose = 0 if on_all_cores(item) else loads.index(min(loads))
        hands[whose].append(item)
        loads[whose] += seconds(item)
    short, left = [item for item in items if not seconds(item)], len(items)
    for others, hand in zip(range(workers, 0, -1), hands, strict=True):
        size = max(left // others - len(hand), 0)
        hand.extend(short[:size])
        del short[:size]
        left -= len(hand)
    return [item for hand in hands for item in hand]


def is_traced(item: pytest.Item) -> bool:
    """Tell whether the lines that a test runs count as covered."""
    if is_of(item, *OF_MANY_CASES) and isinstance(item, pytest.Function) and hasattr(item, "callspec"):
        return not any(item.callspec.indices.values())
    return not is_of(item, *REPEATED)


def seconds_of(item: pytest.Item) -> int:
    """Return how long a test takes; 0: not long."""
    return next((seconds for file, seconds in LONG.items() if is_of(item, file)), 0)


def is_of(item: pytest.Item, *files: str) -> bool:
    """Tell whether a test is one of these files, or of these names of tests in them."""
    inside = item.path.is_relative_to(TESTS)
    return inside and f"{item.path.relative_to(TESTS).as_posix()}::{item.name}".startswith(files)
