"""Measure the commands on platforms of many services, against AWS's rates; see README.md beside this.

Each command runs in a process of its own, against a private embedded AWS with the profile `real` at AWS's pace:
its token buckets are those of AWS's documentation, and they fill in real seconds, as the engine's own do.
"""

import os
import sys
import tempfile
from collections import defaultdict
from pathlib import Path
from time import sleep

from many import write_platform
from metered import Call, Metered, run_metered
from private import ON_DEV, private_aws

REGISTER: Call = ("ecs", "RegisterTaskDefinition")
UPDATE: Call = ("ecs", "UpdateService")
DESTROY = "--destroy"  # as well: takes ten minutes and more, in which AWS's network interfaces linger
INDEX_LAG = 60  # seconds until the tagging index shows what was made: all is read directly until then
READS = ("Describe", "Get", "List", "BatchGet")


def allow(found: Metered) -> tuple[float, str]:
    """Return the seconds in which AWS's buckets allow these calls, and the bucket that allows its last.

    Zero, and no bucket, where all of them are within the bursts.
    """
    # A child's memory is never told to be less than its parent's: nothing large may be imported at the top.
    from reconciler.sandbox.limits.table import limit_of  # noqa: PLC0415

    asked: dict[tuple[str, str, float, float], int] = defaultdict(int)
    for (service, operation), number in found.calls.items():
        if limit := limit_of(service, operation, reads=operation.startswith(READS)):
            asked[service, limit.bucket, limit.burst, limit.rate] += number
    times = {
        f"{service} {bucket}: ({number} - {burst:.0f}) / {rate:.0f} per s": (number - burst) / rate
        for (service, bucket, burst, rate), number in asked.items()
    }
    longest = max(times, key=times.__getitem__)
    return (times[longest], longest) if times[longest] > 0 else (0, "")


def measure(number: int, *, destroying: bool) -> None:
    """Measure a platform of so many services, from its first plan on, and print a line for each command."""
    with private_aws("real"), tempfile.TemporaryDirectory() as folder:
        file = str(write_platform(Path(folder), number))
        show(f"{number}: plan, nothing there", run_metered(("plan", file, *ON_DEV)))
        show(f"{number}: apply --no-wait, fresh", run_metered(("apply", file, "--yes", "--no-wait", *ON_DEV)))
        show(f"{number}: plan, right after it", run_metered(("plan", file, *ON_DEV)))
        sleep(INDEX_LAG)
        show(f"{number}: plan", run_metered(("plan", file, *ON_DEV)))
        write_platform(Path(folder), number, memory=1024)
        deploy = run_metered(("apply", file, "--yes", "--no-wait", *ON_DEV))
        show(f"{number}: deploy of one --no-wait", deploy)
        print(f"{'':26}UpdateService was sent after {deploy.last_sent[UPDATE]:.1f} s")
        if destroying:
            show(f"{number}: destroy", run_metered(("destroy", file, "--yes", *ON_DEV)))


def show(name: str, found: Metered) -> None:
    """Print what a command took beside what AWS's rates allow for its calls."""
    allowed, bucket = allow(found)
    print(
        f"{name:28}{found.wall:7.1f} s{found.cpu:6.1f} s{found.total:7}{found.mib:6.0f} MiB{allowed:8.1f} s  {bucket}"
    )
    if found.throttled:
        print(f"{'':26}{found.throttled} calls were throttled")


def main() -> None:
    print(f"{'':28}{'wall':>9}{'CPU':>8}{'calls':>7}{'memory':>10}{'allowed':>10}")
    numbers = [int(word) for word in sys.argv[1:] if word != DESTROY]
    for number in numbers or [100]:
        measure(number, destroying=DESTROY in sys.argv)
    print("load of the machine over 1, 5 and 15 minutes: {:.1f}, {:.1f}, {:.1f}".format(*os.getloadavg()))


if __name__ == "__main__":
    main()
