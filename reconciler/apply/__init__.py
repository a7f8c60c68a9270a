"""Make the changes of a plan, each as soon as its dependencies are done. Waiting occupies no worker."""

from collections.abc import Callable, Iterable
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import replace
from threading import Event
from time import monotonic

import structlog
from botocore.exceptions import BotoCoreError, ClientError

from reconciler.apply.events import Report, guarded
from reconciler.apply.execution import Execution
from reconciler.apply.ledger import Forbids, Ledger
from reconciler.apply.pacing import Pace, pace
from reconciler.apply.taking_back import note_ends, taken_back
from reconciler.apply.worker import Worker
from reconciler.aws.clock import Clock
from reconciler.aws.followed_services import FollowedServices
from reconciler.aws.reads import Reads
from reconciler.errors import PlanRefused, ReconcilerError
from reconciler.model.plan import Op, Outcome, Plan
from reconciler.model.steps import Call, Held
from reconciler.resources.kind import Kinds

log = structlog.get_logger()

WORKERS = 16  # tries at a time

Running = dict[Future[Execution | Held], Execution]


def apply(
    reads: Reads,
    kinds: Kinds,
    plan: Plan,
    *,
    stop: Event | None = None,
    report: Report = lambda _event: None,
    hold_for: float = 0,
    settle: bool = True,
    workers: int = WORKERS,
    pace: Pace = pace,
    clock: Clock | None = None,
    forbids: Forbids = lambda _change: "",
) -> Outcome:
    """Make the changes of a plan, and return how they ended. Raises `PlanRefused` if it has conflicts.

    Once `stop` is set, or the lease is lost, every wait ends, and calls in flight are completed. `report`
    receives the progress events, in this thread. `hold_for` is the number of seconds to wait for what only a
    person can do. With `settle`, the apply also waits for steps that nothing depends on. `workers` is the
    number of tries at a time; `pace` gives the seconds between two tries of a step. `forbids` is asked before
    a change begins, in this thread; what is begun is finished.
    """
    if plan.conflicts:
        raise PlanRefused("; ".join(f"{c.address} {c.why}" for c in plan.conflicts))
    stop = stop or Event()
    now, rest = (clock.now, clock.rest) if clock else (monotonic, None)
    planned_deletions = frozenset(c.key for c in plan.changes if c.op is Op.DELETE)
    followed = FollowedServices(reads.turns, now)
    created = frozenset(c.address for c in plan.changes if c.op is Op.CREATE)

    def run(changes: Plan, forbids: Forbids) -> tuple[Outcome, bool]:
        ledger = Ledger(changes, pace, now, guarded(report), reads.turns, forbids)
        ids, changed_at = ledger.ids, ledger.changed_at
        worker = Worker(
            reads, kinds, ids, planned_deletions, changed_at, created, now, stop, hold_for, followed
        )
        _run(ledger, worker, workers, rest)
        return ledger.close(stopped=stop.is_set()), stop.is_set() or ledger.halted

    outcome, ended = run(plan if settle else _without_settling(plan), forbids)
    if not ended and (back := taken_back(plan, outcome)):
        taking = replace(plan, changes=tuple(back.values()), ids=outcome.ids)
        note_ends(outcome, back, run(taking, lambda _change: "")[0])
    return outcome


def _run(ledger: Ledger, worker: Worker, workers: int, rest: Callable[[float], object] | None) -> None:
    """Try the executions of a ledger until none is left. `rest` advances a simulated clock, if there is one."""
    running, stop = Running(), worker.stop
    with ThreadPoolExecutor(workers, "apply") as pool:
        while not (stop.is_set() or ledger.halted):
            while len(running) < workers and not stop.is_set() and (execution := ledger.next()):
                running[pool.submit(worker.advance, execution)] = execution
            due = ledger.until_due() if len(running) < workers else None
            if running:
                _collect(ledger, running, wait(running, None if rest else due, FIRST_COMPLETED).done)
            elif due is not None:
                (rest or stop.wait)(due)
            else:
                break
        _collect(ledger, running, wait(running).done)  # calls in flight may finish


def _without_settling(plan: Plan) -> Plan:
    needed = frozenset().union(*(change.after_rollout for change in plan.changes))
    changes = (
        c
        if c.key in needed
        else replace(c, steps=tuple(s for s in c.steps if isinstance(s, Call) or not s.settling))
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
