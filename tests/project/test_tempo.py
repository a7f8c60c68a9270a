"""The order of the suite, and which of its tests are traced for coverage."""

from collections.abc import Iterable
from itertools import islice

import pytest
from tempo import LONG, OF_MANY_CASES, REPEATED, TESTS, deal, is_traced


def shares(items: Iterable[int], workers: int) -> list[list[int]]:
    """Give each worker its items as xdist's worksteal does."""
    left, rest = [*items], iter(items)
    sizes = [len(left) // workers + (n >= workers - len(left) % workers) for n in range(workers)]
    return [[*islice(rest, size)] for size in sizes]


@pytest.mark.parametrize("workers", [1, 2, 3, 5])
def test_each_worker_begins_with_its_share_of_the_long_ones_and_none_is_lost(workers):
    lengths = [0] * 41 + [7, 40, 20, 5, 30] + [0] * 40
    given = deal(lengths, workers, int, lambda _: False)
    assert sorted(given) == sorted(lengths)
    for share in shares(given, workers):
        assert share == sorted(share, reverse=True)
    assert max(sum(share) for share in shares(given, workers)) <= max(40, 102 // workers + 20)


def test_what_fills_all_cores_is_given_to_one_worker():
    first, *others = shares(deal([0, 40, 41, 42, 9, 8] + [0] * 9, 3, int, lambda length: length >= 40), 3)
    assert first[:3] == [42, 41, 40]
    assert sorted(share[0] for share in others) == [8, 9]


def test_fewer_tests_than_workers_are_dealt_too():
    assert sorted(deal([0, 5], 4, int, lambda _: False)) == [0, 5]


@pytest.mark.parametrize("named", [*LONG, *REPEATED, *OF_MANY_CASES])
def test_what_is_named_is_there(named):
    file, _, test = named.partition("::")
    assert f"def {test}" in (TESTS / file).read_text()


@pytest.mark.parametrize("case", ["first", "second"])
def test_a_test_of_any_other_file_is_traced(case, request):
    assert is_traced(request.node)
