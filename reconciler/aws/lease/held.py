"""A lease that this run holds: renewed by heartbeats, asked before each write, given back at the end."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Event, Thread
from typing import Any

import structlog
from botocore.exceptions import BotoCoreError, ClientError
from botocore.parsers import ResponseParserError

from reconciler.aws.clock import Clock, awake_and_asleep
from reconciler.aws.errors import matches, message
from reconciler.aws.lease import item
from reconciler.aws.lease.protocol import HEARTBEAT_EVERY, HEARTBEAT_RETRIED_AFTER, LEASE_TIME
from reconciler.aws.lease.words import describe
from reconciler.errors import LeaseLost, RunRefused, Stopped
from reconciler.model.lease import Applied, Holder, Record

log = structlog.get_logger()

FAILURES = (ClientError, BotoCoreError, ResponseParserError)
TIMES_GIVEN_BACK = 3  # tries; after that other runs wait for the lease time


@dataclass
class Lease:
    """A lease that this run holds. Threads share it."""

    client: Any
    stack: str
    holder: Holder
    clock: Clock
    expires: float  # by the clock, counted from before the last heartbeat that succeeded was sent
    applied: Applied | None = None  # what giving it back leaves in the record
    lost: str = ""  # why, once it is
    next_beat: float = field(init=False)
    _beats: int = 0

    def __post_init__(self) -> None:
        self.next_beat = self.expires - LEASE_TIME + HEARTBEAT_EVERY

    def require(self, seconds: float) -> None:
        """Raise `LeaseLost` if it is, and `Stopped` if it does not last for that long without being renewed."""
        if self.lost:
            raise LeaseLost(self.lost)
        if self.expires - self.clock.now() <= seconds:
            raise Stopped("waits for the lease on the stack to be renewed")

    def keep(self) -> None:
        """Send a heartbeat, if one is due."""
        sent = self.clock.now()
        if self.lost or sent < self.next_beat:
            return
        self.next_beat = sent + (HEARTBEAT_EVERY if self._beat(sent) else HEARTBEAT_RETRIED_AFTER)

    def _beat(self, sent: float) -> bool:
        """Renew the lease, even one that has expired: nobody has taken it over if the record is still ours."""
        self._beats += 1
        try:
            found = item.put_version(self.client, self.stack, self.holder.run, self._beats)
        except RunRefused as error:  # somebody else has written over the record
            self._lose(str(error))
            return False
        except FAILURES as error:
            self._failed(error)
            return False
        if found is None:
            self.expires = sent + LEASE_TIME
        else:
            self._lose(_successor(found))
        return found is None

    def _failed(self, error: Exception) -> None:
        if matches(error, item.NOT_FOUND):
            self._lose(f"the table {item.TABLE} was deleted")
        elif self.clock.now() >= self.expires:
            self._lose(f"it could not be renewed for {LEASE_TIME:g} s ({message(error)})")

    def _lose(self, why: str) -> None:
        self.lost = f"the lease on {self.stack} is lost: {why}"
        log.error("lease lost", why=why)

    def give_back(self, times: int = TIMES_GIVEN_BACK) -> None:
        """Let the next run take the lease at once. If that fails, it waits for the lease time."""
        for _ in range(times):
            try:
                item.remove_holder(self.client, self.stack, self.holder.run, self.applied)
            except (*FAILURES, RunRefused) as error:
                log.info("lease not given back", why=message(error))
                continue
            return


def _successor(found: Record) -> str:
    if found.holder is None:
        return "its record was removed"
    return f"{'broken' if found.broken else 'taken over'} by {describe(found.holder)}"


@contextmanager
def beating(lease: Lease) -> Iterator[None]:
    """Send heartbeats within the block, in a thread."""
    ended = Event()
    clock = awake_and_asleep(ended)

    def keep() -> None:
        while not ended.is_set():
            lease.keep()
            clock.rest(max(0.1, lease.next_beat - lease.clock.now()))

    thread = Thread(target=keep, name="lease", daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()
