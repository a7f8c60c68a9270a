"""The command line with a lease whose time passes faster, so that no test waits for a whole one."""

import sys
from threading import Event
from unittest.mock import patch

from reconciler.aws.clock import Clock, awake_and_asleep
from reconciler.cli import main

SPEED = 10.0  # a lease time of a minute is six seconds


def hasten(end: Event) -> Clock:
    """Return this machine's clock at `SPEED`."""
    real = awake_and_asleep(end)
    return Clock(lambda: real.now() * SPEED, lambda seconds: real.rest(seconds / SPEED))


if __name__ == "__main__":
    with (
        patch("reconciler.aws.lease.awake_and_asleep", hasten),
        patch("reconciler.aws.lease.held.awake_and_asleep", hasten),
    ):
        sys.exit(main())
