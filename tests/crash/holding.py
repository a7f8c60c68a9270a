"""The lease in virtual time, as the command line takes it. No thread sends heartbeats: a rest does."""

from collections.abc import Iterator
from contextlib import contextmanager

from reconciler.aws.client import Aws
from reconciler.aws.clock import Clock
from reconciler.aws.lease import Lease, Terms, hold_lease
from reconciler.aws.lease.process import this_process
from reconciler.aws.lease.protocol import HEARTBEAT_EVERY
from reconciler.sandbox import Clock as SandboxClock


@contextmanager
def hold(aws: Aws, stack: str, command: str, clock: SandboxClock) -> Iterator[tuple[Clock, Lease]]:
    """Hold the lease on a stack, and yield it with the clock whose rests keep it.

    A copy of a process that died is still inside its last call, whose limits are not those of the next run.
    """
    leases = list[Lease]()
    virtual_time = Clock(clock.now, lambda seconds: _rest(clock, seconds, leases))
    terms = Terms(taken=leases.append, clock=virtual_time)
    with aws.stoppable_clients(None), hold_lease(aws, stack, this_process(command, "arn"), terms) as lease:
        yield virtual_time, lease


def _rest(clock: SandboxClock, seconds: float, leases: list[Lease]) -> None:
    """Let time pass, and send heartbeats when their thread would."""
    while seconds > 0:
        clock.advance(min(seconds, HEARTBEAT_EVERY))
        seconds -= HEARTBEAT_EVERY
        for lease in leases:
            lease.keep()
