"""Look again before a plan tells differences from a file that was applied a moment ago.

AWS may still tell the former values of what that apply changed: see docs/decisions/0015.
"""

from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import datetime
from typing import Any

import structlog
from botocore.exceptions import BotoCoreError, ClientError

from reconciler.aws.client import Aws
from reconciler.aws.clock import Clock
from reconciler.aws.lease import item
from reconciler.errors import RunRefused
from reconciler.model.lease import Applied
from reconciler.model.plan import Plan
from reconciler.model.spec import Live
from reconciler.resources.kind import Kinds

log = structlog.get_logger()

# Seconds after an apply in which reads may tell former values: an assumption, longer than was ever seen.
WINDOW = 10.0
BETWEEN_LOOKS = 2.0  # seconds
WORDS = "AWS may still tell the former values of what was applied a moment ago; reading again"


def read_last_apply(aws: Aws, stack: str) -> Applied | None:
    """Read what the last apply left in the lease's record; None if there is none or it may not be read."""
    try:
        return item.read(aws.client("dynamodb", retries=False), stack).applied
    except (ClientError, BotoCoreError, RunRefused) as error:
        log.info("the record of the last apply is not read", why=str(error))
        return None


def seconds_left(applied: Applied | None, digest: str, now: datetime) -> float:
    """Return how long reads may still tell former values, given the digest of the file that is planned.

    If the clocks of the two machines differ the window is missed, or it is at most twice as long.
    """
    if applied is None or applied.digest != digest:
        return 0
    try:
        age = (now - datetime.fromisoformat(applied.at)).total_seconds()
    except (ValueError, TypeError):  # no time, or one without a zone
        return 0
    return min(WINDOW, WINDOW - age) if abs(age) < WINDOW else 0


def differing_kinds(todo: Plan) -> frozenset[str]:
    """Return the kinds of resources that differ, or are in conflict."""
    addresses = [*(change.address for change in todo.changes), *(found.address for found in todo.conflicts)]
    return frozenset(address.kind for address in addresses)


def waits_for_others(kinds: Kinds, todo: Plan) -> bool:
    """Tell whether the plan waits for what others make, such as an image: it cannot be empty."""
    return any(kinds[change.address.kind].relations.awaited for change in todo.changes)


def look_again(
    todo: Plan,
    live: Sequence[Live[Any]],
    seconds: float,
    clock: Clock,
    read: Callable[[Collection[str]], Iterable[Live[Any]]],
    plan: Callable[[Sequence[Live[Any]]], Plan],
) -> Plan:
    """Read the kinds that differ again and again, until none does or so many seconds are over.

    Return the last plan, given the first one and what it was made of.
    """
    ends = clock.now() + seconds
    while (kinds := differing_kinds(todo)) and (left := ends - clock.now()) > 0:
        clock.rest(min(BETWEEN_LOOKS, left))
        live = (*(resource for resource in live if resource.spec.kind not in kinds), *read(kinds))
        todo = plan(live)
    return todo
