"""How the suite comes to its end soon: what is long begins first, and nothing is done over and over for nothing.

A plugin of pytest: `conftest` names it.
"""

import gc
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from coverage import Coverage
from moto.core import models

TESTS = Path(__file__).parent
NEW_OBJECTS = 20_000  # between collections, as in `reconciler.cli.collector`

# Files whose tests take long, with the seconds of one, and whether they fill all cores by processes of their own.
# Found by `pytest --durations=150`; a test that is not here takes less than ten.
LONG = {
    "end_to_end/test_crash_sample.py": 40,
    "end_to_end/test_lease_of_processes.py": 25,
    "end_to_end/test_end_to_end.py": 18,
    "end_to_end/test_watch_of_processes.py": 15,
    "project/test_exercises.py": 15,
    "watch/test_watch_memory_use.py": 25,
    "end_to_end/test_rehearse.py": 5,
    "end_to_end/test_crowded_account.py": 10,
    "end_to_end/test_call_counts.py": 8,
    "sandbox/test_work_of_calls.py": 9,
}
ALL_CORES = "end_to_end/test_crash_sample.py"

# coverage.py's tracing more than doubles the time of all that Python does, in moto and botocore too. What the
# tests of these folders run is covered by tests of each layer.
UNTRACED = ("end_to_end",)

models.RESPONSES_METHODS.clear()  # moto's mocks of `requests`, 1,900 of them for each test; boto3 has its own


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Deal the long tests out to xdist's workers, each of which then begins with its share."""
    given = getattr(config, "workerinput", None)
    if given:
        items[:] = deal(items, given["workercount"])


def deal(items: Sequence[pytest.Item], workers: int) -> list[pytest.Item]:
    """Return the items in the order in which `--dist worksteal` gives each worker a share of the long ones.

    It gives each a run of them of the same length, and lets those that are done take from the ends of others.
    """
    long = sorted((item for item in items if seconds_of(item)), key=seconds_of, reverse=True)
    hands: list[list[pytest.Item]] = [[] for _ in range(workers)]
    loads = [0] * workers
    for item in long:
        least = 0 if is_in(item, ALL_CORES) else loads.index(min(loads))
        hands[least].append(item)
        loads[least] += seconds_of(item)
    dealt = {*long}
    return [*_fill(hands, iter([item for item in items if item not in dealt]), len(items))]


def _fill(
    hands: Sequence[list[pytest.Item]], short: Iterator[pytest.Item], left: int
) -> Iterator[pytest.Item]:
    """Yield each hand, with so many of the short ones that it has as many as worksteal gives a worker."""
    for others, hand in zip(range(len(hands), 0, -1), hands, strict=True):
        size = left // others
        yield from hand
        yield from (item for _, item in zip(range(size - len(hand)), short, strict=False))
        left -= size


def seconds_of(item: pytest.Item) -> int:
    return LONG.get(path_of(item), 0)


def path_of(item: pytest.Item) -> str:
    return item.path.relative_to(TESTS).as_posix() if item.path.is_relative_to(TESTS) else ""


def is_in(item: pytest.Item, *folders: str) -> bool:
    return path_of(item).startswith(folders)


def pytest_collection_finish() -> None:
    """Let the collector leave alone what stays: all modules and tests, half a million objects."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(NEW_OBJECTS)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Iterator[None]:
    """Run what is untraced without coverage.py, and the processes that it begins too."""
    tracing = Coverage.current()
    if tracing is None or not is_in(item, *UNTRACED):
        return (yield)
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("COVERAGE_PROCESS_CONFIG", raising=False)
        tracing.stop()
        try:
            return (yield)
        finally:
            tracing.start()
