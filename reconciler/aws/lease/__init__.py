"""The lease on a stack: one run at a time writes to it.

`hold_lease` takes it, renews it by heartbeats, and gives it back; `docs/decisions/0011` says why it is safe.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from functools import partial
from threading import Event
from typing import Any, TypeVar

import structlog
from botocore.exceptions import ClientError
from tenacity import Retrying, retry_if_exception, stop_after_attempt, wait_fixed

from reconciler.aws.client import Aws
from reconciler.aws.clock import Clock, awake_and_asleep
from reconciler.aws.errors import ACCESS_DENIED, had_no_effect, lost_answer, matches
from reconciler.aws.lease import item, words
from reconciler.aws.lease.held import FAILURES, Lease, beating
from reconciler.aws.lease.item import NOT_FOUND
from reconciler.aws.lease.protocol import LEASE_TIME, Decision, Watch
from reconciler.aws.lease.table import ensure_table
from reconciler.aws.lease.words import PERSON_ACTIONS
from reconciler.errors import LeaseHeld, RunRefused, Stopped
from reconciler.model.lease import Holder, Record

__all__ = ["PERSON_ACTIONS", "RUN_ACTIONS", "Lease", "Terms", "hold_lease", "persistently"]

log = structlog.get_logger()

T = TypeVar("T")
RUN_ACTIONS = frozenset(
    f"dynamodb:{name}" for name in ("CreateTable", "DescribeTable", "GetItem", "TagResource", "UpdateItem")
)  # the IAM actions of a run
TRIES = 6  # of a call, if DynamoDB does not answer or throttles
BETWEEN_TRIES = 1.0  # seconds


def _log(words: str) -> None:
    log.info(words)


@dataclass(frozen=True)
class Terms:
    """How a run takes a lease. Given a `clock`, nobody sends heartbeats: the caller calls `Lease.keep`."""

    patience: float = 0  # seconds to wait for a holder that lives
    stop: Event = field(default_factory=Event)  # ends the wait
    notify: Callable[[str], object] = _log  # is told why the run waits
    taken: Callable[[Lease], object] = lambda _lease: None  # is given the lease as soon as it is held
    clock: Clock | None = None


@contextmanager
def hold_lease(aws: Aws, stack: str, holder: Holder, terms: Terms) -> Iterator[Lease]:
    """Hold the lease on a stack within the block. `aws` sends a write only if it outlives the write's time-out.

    Raises `LeaseHeld` if another run holds it and lives, `RunRefused` without the rights, and `Stopped`.
    """
    clock = terms.clock or awake_and_asleep(terms.stop)
    lease = _take(aws.client("dynamodb", retries=False), stack, holder, clock, terms)
    outer, aws.before_write = aws.before_write, lease.require
    try:
        terms.taken(lease)
        with nullcontext() if terms.clock else beating(lease):
            yield lease
    finally:
        aws.before_write = outer
        lease.give_back()


def _take(client: Any, stack: str, holder: Holder, clock: Clock, terms: Terms) -> Lease:
    """Take the lease, after waiting where that helps."""
    watch, only_if, sent = Watch(clock.now() + terms.patience), item.FREE, clock.now()
    while there := persistently(clock, partial(_put_holder, client, clock, stack, holder, only_if)):
        only_if = item.FREE
        if there.holder:
            if watch.version is None:
                terms.notify(words.waiting(there, there.holder, terms.patience))
            watch = watch.saw(there, clock.now())
            only_if = _wait(watch, there, there.holder, clock, terms.stop)
        sent = clock.now()
    return Lease(client, stack, holder, clock, sent + LEASE_TIME)


def _wait(watch: Watch, there: Record, holder: Holder, clock: Clock, stop: Event) -> Mapping[str, str | None]:
    """Return the condition of the next try, after a rest if the lease is not to be taken over now."""
    match watch.decide(clock.now()):
        case Decision.GIVE_UP:
            raise LeaseHeld(words.refusal(there, holder), there)
        case Decision.TAKE_OVER:
            return {"version": there.version}
    clock.rest(watch.rest(clock.now()))
    if stop.is_set():
        raise Stopped("stopped while waiting for the lease: nothing was changed")
    return item.FREE


def _put_holder(
    client: Any, clock: Clock, stack: str, holder: Holder, only_if: Mapping[str, str | None]
) -> Record | None:
    """Write the holder, and make the table if there is none yet."""
    try:
        return item.put_holder(client, stack, holder, only_if)
    except ClientError as error:
        if not matches(error, NOT_FOUND):
            raise
    ensure_table(client, clock)
    return item.put_holder(client, stack, holder, only_if)


def persistently(clock: Clock, call: Callable[[], T]) -> T:
    """Call until DynamoDB answers. Raises `RunRefused` if it does not, or refuses."""

    def rest(seconds: float) -> None:
        clock.rest(seconds)

    trying = Retrying(
        retry=retry_if_exception(_passes),
        stop=stop_after_attempt(TRIES),
        wait=wait_fixed(BETWEEN_TRIES),
        sleep=rest,
        reraise=True,
    )
    try:
        return trying(call)
    except FAILURES as error:
        is_denied = isinstance(error, ClientError) and matches(error, ACCESS_DENIED)
        why = words.not_allowed(error) if is_denied else words.failed(error, item.TABLE)
        raise RunRefused(why) from error


def _passes(error: BaseException) -> bool:
    return had_no_effect(error) or lost_answer(error) or matches(error, NOT_FOUND)
