"""A watch runs for months: what a round leaves behind adds up."""

import gc
import tracemalloc
from pathlib import Path
from threading import active_count

from support import SHOP

from reconciler.cli import main
from reconciler.target import Target
from reconciler.watch.rounds import Doing, make_round
from reconciler.watch.watched import Together, Watched, watch_stack

BARE = SHOP.partition("services:")[0] + "load_balancer: none\ndashboard: false\n"
OURS = (tracemalloc.Filter(True, "*/reconciler/*"), tracemalloc.Filter(True, "*/desired_state/*"))
EMBEDDED = (tracemalloc.Filter(False, "*/sandbox/*"), tracemalloc.Filter(False, "*/aws/agent.py"))
"""What the embedded AWS in this process keeps: its own, and who made each call."""
FIRST, LAST = 10, 30  # rounds
A_ROUND = 2000  # bytes at most that a round may leave: its line in the history, while that is not full


def held_after(watched: Watched, rounds: int) -> int:
    for _ in range(rounds):
        assert make_round(watched, Doing()).failures == 0
    gc.collect()
    snapshot = tracemalloc.take_snapshot().filter_traces(OURS).filter_traces(EMBEDDED)
    return sum(trace.size for trace in snapshot.statistics("filename"))


def test_thirty_rounds_leave_neither_memory_nor_threads_behind(aws: object, tmp_path: Path):
    file = tmp_path / "platform.yaml"
    file.write_text(BARE)
    assert main(["apply", str(file), "--yes", "--log-level", "error"]) == 0
    watched = watch_stack(Target(file), 300, Together())
    tracemalloc.start()
    try:
        first, threads = held_after(watched, FIRST), active_count()
        last = held_after(watched, LAST - FIRST)
    finally:
        tracemalloc.stop()
    assert (last - first) / (LAST - FIRST) < A_ROUND
    assert active_count() <= threads
