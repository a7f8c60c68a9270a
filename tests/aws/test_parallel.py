from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, Event, Lock

import pytest

from reconciler.aws.parallel import AT_ONCE, batches, begin, map_in


def test_results_are_in_the_order_of_their_items():
    with ThreadPoolExecutor(8) as pool:
        assert map_in(pool, lambda n: -n, range(3 * AT_ONCE)) == [-n for n in range(3 * AT_ONCE)]
        assert map_in(pool, abs, []) == []


@pytest.mark.parametrize("threads", [1, 2])
def test_a_map_may_be_deeper_than_the_pool_has_threads(threads):
    """Each level has more items than threads, and each thread waits for the level below it."""
    with ThreadPoolExecutor(threads) as pool:

        def count(levels: int) -> int:
            return sum(map_in(pool, count, [levels - 1] * 3)) if levels else 1

        assert count(4) == 3**4


def test_what_no_thread_has_begun_runs_in_the_thread_that_wants_it():
    with ThreadPoolExecutor(1) as pool:
        end = Event()
        busy = pool.submit(end.wait)
        assert begin(pool, lambda: "done")() == "done"
        assert not busy.done()
        end.set()


def test_items_run_at_the_same_time():
    together = Barrier(5)
    with ThreadPoolExecutor(5) as pool:
        assert len(map_in(pool, lambda _: together.wait(10), range(5))) == 5


def test_a_long_map_does_not_take_the_threads_of_all():
    lock, under_way, most = Lock(), 0, 0

    def run(_item):
        nonlocal under_way, most
        with lock:
            under_way += 1
            most = max(most, under_way)
        with lock:
            under_way -= 1

    with ThreadPoolExecutor(4 * AT_ONCE) as pool:
        map_in(pool, run, range(10 * AT_ONCE))
    assert most <= AT_ONCE


def test_an_error_is_raised_where_the_result_is_wanted():
    with ThreadPoolExecutor(2) as pool:
        result = begin(pool, lambda: 1 // 0)
        with pytest.raises(ZeroDivisionError):
            result()
        with pytest.raises(ZeroDivisionError):
            map_in(pool, lambda n: 1 // n, range(3))


def test_batches():
    assert batches(range(5), 2) == [[0, 1], [2, 3], [4]]
    assert batches([], 2) == []
