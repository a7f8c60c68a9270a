"""`make crash-test`: commands go wrong at every point, by forks, by SIGKILL and by chance, and in every order."""

import argparse
import logging
import os
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import structlog

from crash.chance import platforms
from crash.faults import every, only, operations, questions, writes
from crash.kills import kills, signals
from crash.refusals import orders
from crash.results import Result, total
from crash.scenarios import denied, disturbed, scenarios, undisturbed

PARTS = ("orders", "points", "kills", "signals", "platforms")
LONGEST = 4000  # characters that are shown of a failure


def points(nth: int, names: list[str]) -> Iterator[Result]:
    """Forks at the requests of four commands; only each nth fault, only of the operations of these names."""
    for scenario in scenarios(Path(tempfile.mkdtemp(prefix="crash-"))):
        expected = undisturbed(scenario)
        for what, faults in {"writes": writes, **({"operations": operations} if scenario.asks else {})}.items():
            result = disturbed(scenario, every(nth, only(names, faults)), expected)
            yield replace(result, scenario=f"{scenario.name}, {what}")
        if scenario.asks:
            result = denied(scenario, every(nth, only(names, questions)))
            yield replace(result, scenario=f"{scenario.name}, denied reads")


def main() -> int:
    options = _options()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    os.environ.setdefault("AWS_DEFAULT_REGION", "us-east-1")
    begun, results = time.monotonic(), list[Result]()
    for result in _tried(options):
        results.append(result)
        print(result, flush=True)
        for failure in result.failures:
            print(f"    {failure}"[:LONGEST])
    all_of_it = total(results)
    print(f"{all_of_it}\nin {time.monotonic() - begun:.0f} s on {os.cpu_count()} cores")
    return 1 if all_of_it.failures or not all_of_it.tried else 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="crash", description=__doc__)
    parser.add_argument("operations", nargs="*", help="such as ec2.CreateVpc; all if none is named")
    parser.add_argument("--part", choices=PARTS, action="append", help="all of them if none is named")
    parser.add_argument(
        "--every", type=int, default=1, metavar="N", help="of the faults at points, each Nth only"
    )
    parser.add_argument("--orders", type=int, default=4, metavar="N", help="how many shuffled orders")
    parser.add_argument("--kills", type=int, default=20, metavar="N", help="how many real SIGKILLs")
    parser.add_argument(
        "--signals", type=int, default=2, metavar="N", help="moments for each polite signal in each command"
    )
    parser.add_argument("--platforms", type=int, default=20, metavar="N", help="how many random platforms")
    parser.add_argument(
        "--seed", type=int, default=0, help="of orders, of moments of kills and signals, of random platforms"
    )
    return parser.parse_args()


def _tried(options: argparse.Namespace) -> Iterator[Result]:
    parts = options.part or PARTS
    if "orders" in parts:
        yield from orders(options.orders, options.seed)
    if "points" in parts:
        yield from points(options.every, options.operations)
    if "kills" in parts:
        yield from kills(options.kills, options.seed)
    if "signals" in parts:
        yield from signals(options.signals, options.seed)
    if "platforms" in parts:
        yield from platforms(options.platforms, options.seed)


if __name__ == "__main__":
    sys.exit(main())
