"""`make crash-test` runs commands in other orders and makes them fail: by forks, signals and random faults."""

import argparse
import gc
import logging
import os
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import structlog

from crash.chance import try_platforms
from crash.disturbances import run_denied, run_disturbed
from crash.faults import deny_reads, fail_operations, fail_writes, select_operations, take_every
from crash.kills import try_kills, try_signals
from crash.refusals import try_orders
from crash.results import Result, add_up
from crash.scenarios import make_scenarios, run_undisturbed
from reconciler.cli.collector import start_collecting

PARTS = ("orders", "points", "kills", "signals", "platforms")
MAX_SHOWN = 4000  # characters of a failure that are printed


def fork_at_points(nth: int, names: list[str], command: str) -> Iterator[Result]:
    """Fork at the requests of the commands with this text in their names, for every nth fault.

    Only these operations fail; all, if none is named.
    """
    for scenario in make_scenarios(Path(tempfile.mkdtemp(prefix="crash-"))):
        if command not in scenario.name:
            continue
        expected = run_undisturbed(scenario)
        for what, faults in {
            "writes": fail_writes,
            **({"operations": fail_operations} if scenario.asks else {}),
        }.items():
            result = run_disturbed(scenario, take_every(nth, select_operations(names, faults)), expected)
            yield replace(result, scenario=f"{scenario.name}, {what}")
        if scenario.asks:
            result = run_denied(scenario, take_every(nth, select_operations(names, deny_reads)))
            yield replace(result, scenario=f"{scenario.name}, denied reads")


def main() -> int:
    options = _options()
    gc.disable()
    start_collecting()  # as the program does: what was imported stays
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    os.environ.setdefault("AWS_DEFAULT_REGION", "us-east-1")
    begun, results = time.monotonic(), list[Result]()
    for result in _run_parts(options):
        results.append(result)
        print(result, flush=True)
        for failure in result.failures:
            print(f"    {failure}"[:MAX_SHOWN])
    sums = add_up(results)
    print(f"{sums}\nin {time.monotonic() - begun:.0f} s on {os.cpu_count()} cores")
    return 1 if sums.failures or not sums.tried else 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="crash", description=__doc__)
    parser.add_argument("operations", nargs="*", help="operations to fail, such as ec2.CreateVpc; default: all")
    parser.add_argument("--part", choices=PARTS, action="append", help="part to run; default: all")
    parser.add_argument("--every", type=int, default=1, metavar="N", help="try only every Nth fault of points")
    parser.add_argument(
        "--command", default="", metavar="TEXT", help="points: only commands with this in their names"
    )
    parser.add_argument("--orders", type=int, default=4, metavar="N", help="number of shuffled orders")
    parser.add_argument("--kills", type=int, default=20, metavar="N", help="number of real SIGKILLs")
    parser.add_argument(
        "--signals", type=int, default=2, metavar="N", help="moments of each polite signal in each command"
    )
    parser.add_argument("--platforms", type=int, default=20, metavar="N", help="number of random platforms")
    parser.add_argument(
        "--seed", type=int, default=0, help="seed of orders, of the moments of signals and of random platforms"
    )
    return parser.parse_args()


def _run_parts(options: argparse.Namespace) -> Iterator[Result]:
    parts = options.part or PARTS
    if "orders" in parts:
        yield from try_orders(options.orders, options.seed)
    if "points" in parts:
        yield from fork_at_points(options.every, options.operations, options.command)
    if "kills" in parts:
        yield from try_kills(options.kills, options.seed)
    if "signals" in parts:
        yield from try_signals(options.signals, options.seed)
    if "platforms" in parts:
        yield from try_platforms(options.platforms, options.seed)


if __name__ == "__main__":
    sys.exit(main())
