"""Act: each change as soon as what it comes after is done. Waiting holds no worker; one Event ends it all."""

from collections.abc import Callable, Iterable
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, replace
from threading import Event as Flag
from time import monotonic

import structlog
from botocore.exceptions import BotoCoreError, ClientError
from tenacity import RetryCallState, Retrying, wait_exponential, wait_random

from reconciler.apply.execution import Execution
from reconciler.apply.ledger import Ledger, Pace, Report
from reconciler.apply.worker import Worker
from reconciler.aws.reads import Reads
from reconciler.errors import PlanRefused, ReconcilerError
from reconciler.model.plan import Op, Outcome, Plan
from reconciler.model.steps import Call, Held
from reconciler.resources.kind import Kinds

log = structlog.get_logger()

WORKERS = 16
RECOVERY_DELAY = 5.0  # seconds between the first two looks for a lost answer; then twice as many, and so on
_SLOWER_AND_SLOWER = wait_exponential(multiplier=0.5, max=15) + wait_random(0, 0.5)  # seconds

Running = dict[Future[Execution | Held], Execution]


@dataclass(frozen=True)
class Clock:
    """How an apply tells the time and lets it pass, in seconds. Time stands still while a call is in flight."""

    now: Callable[[], float]
    rest: Callable[[float], object]


def pace(execution: Execution) -> float:
    """Soon at first, then ever more slowly; so too are the looks for a lost answer."""
    if execution.answer_lost and execution.times_not_found:
        return RECOVERY_DELAY * execution.times_not_found
    state = RetryCallState(Retrying(), None, (), {})
    state.attempt_number = execution.tries
    return _SLOWER_AND_SLOWER(state)


def apply(
    reads: Reads,
    kinds: Kinds,
    plan: Plan,
    *,
    stop: Flag | None = None,
    report: Report = lambda _event: None,
    hold_for: float = 0,
    settle: bool = True,
    workers: int = WORKERS,
    pace: Pace = pace,
    clock: Clock | None = None,
) -> Outcome:
    """Make the changes of a plan. Raises `RunRefused` if it has conflicts; what AWS says is in the outcome.

    `hold_for`: seconds to wait for what only a person can do. `settle`: whether to wait also for what nothing
    depends on. `clock`: in place of the real one.
    """
    if plan.conflicts:
        raise PlanRefused("; ".join(f"{c.address} {c.why}" for c in plan.conflicts))
    stop = stop or Flag()
    now, rest = (clock.now, clock.rest) if clock else (monotonic, stop.wait)
    ledger = Ledger(plan if settle else _unsettled(plan), pace, now, report, reads.turns)
    running = Running()
    planned_deletions = frozenset(c.key for c in plan.changes if c.op is Op.DELETE)
    worker = Worker(reads, kinds, ledger.ids, planned_deletions, now, stop, hold_for)
    with ThreadPoolExecutor(workers, "apply") as pool:
        while not stop.is_set():
            while len(running) < workers and not stop.is_set() and (execution := ledger.next()):
                running[pool.submit(worker.advance, execution)] = execution
            due = ledger.rest() if len(running) < workers else None
            if running:
                _collect(ledger, running, wait(running, None if clock else due, FIRST_COMPLETED).done)
            elif due is not None:
                rest(due)
            else:
                break
        _collect(ledger, running, wait(running).done)  # calls in flight may finish
    return ledger.close(stopped=stop.is_set())


def _unsettled(plan: Plan) -> Plan:
    changes = (
        replace(c, steps=tuple(s for s in c.steps if isinstance(s, Call) or not s.settling))
        for c in plan.changes
    )
    return replace(plan, changes=tuple(changes))


def _collect(ledger: Ledger, running: Running, done: Iterable[Future[Execution | Held]]) -> None:
    for future in done:
        execution = running.pop(future)
        if error := future.exception():
            if not isinstance(error, ReconcilerError | ClientError | BotoCoreError):
                log.error("a bug in this program", change=execution.change.key, exc_info=error)
            ledger.fail(execution, error)
        elif isinstance(result := future.result(), Held):
            ledger.hold(execution, result)
        else:
            ledger.enter(result)
