"""Measure a thousand rounds of a watch: memory, threads and open files must not grow; see README.md.

Arguments: the number of rounds, and that of stacks, at most four as the embedded AWS allows five VPCs.
"""

import resource
import sys
from pathlib import Path
from threading import active_count
from time import monotonic, process_time

from private import private_aws  # first: it says where the engine is

from reconciler.cli import main as run
from reconciler.target import Target
from reconciler.watch.rounds import Doing, make_round
from reconciler.watch.watched import Together, Watched, watch_stack

DEFAULT_FILE = Path(__file__).parents[1] / "desired_state" / "platform.yaml"
SHOWN = 10  # lines
MEBIBYTE = 2**20


def measure(number: int, stacks: int, endpoint: str) -> None:
    """Watch so many stacks of the default platform for so many rounds, and print what the process holds."""
    together = Together()
    watched = [apply_and_watch(f"dev12{n}", endpoint, together) for n in range(stacks)]
    begun, cpu = monotonic(), process_time()
    print(f"{'rounds':>8}{'memory':>12}{'threads':>9}{'files':>7}{'a round':>10}{'its CPU':>10}")
    for n in range(1, number + 1):
        status = make_round(watched[n % stacks], Doing())
        if status.failures or not status.report or not status.report.clean:
            sys.exit(f"round {n}: {status.last}")
        if n == 1 or n % max(1, number // SHOWN) == 0:
            wall, took = (monotonic() - begun) / n, (process_time() - cpu) / n
            print(
                f"{n:8}{resident() / MEBIBYTE:8.1f} MiB{active_count():9}{open_files():7}{wall:8.2f} s{took:8.2f} s"
            )


def apply_and_watch(environment: str, endpoint: str, together: Together) -> Watched:
    """Apply the default platform in an environment, and return it to be watched."""
    words = ["--env", environment, "--sandbox", "--yes", "--log-level", "error"]
    if run(["apply", str(DEFAULT_FILE), *words]):
        sys.exit("the platform was not applied")
    return watch_stack(Target(DEFAULT_FILE, environment, endpoint), 300, together)


def resident() -> int:
    """Return the bytes of memory that this process holds now; at most so far, where Linux does not tell."""
    try:
        return int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize()
    except OSError:
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def open_files() -> int:
    """Return the number of open descriptors; 0 where the system does not tell."""
    try:
        return len([*Path("/proc/self/fd").iterdir()])
    except OSError:
        return 0


def main() -> None:
    with private_aws("calm") as endpoint:
        number, stacks = [*map(int, sys.argv[1:]), *(1000, 1)[len(sys.argv) - 1 :]]
        measure(number, stacks, endpoint)


if __name__ == "__main__":
    main()
