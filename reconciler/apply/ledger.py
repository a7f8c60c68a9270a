"""The book of one apply: what is due, under way and done. No threads, no AWS."""

import enum
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from graphlib import TopologicalSorter
from heapq import heappop, heappush
from itertools import count

from reconciler.apply.deletions_last import ALL_ELSE, SETTLED, edges, final_deletions
from reconciler.apply.execution import Execution
from reconciler.aws.errors import message
from reconciler.aws.rates import Buckets, Turns
from reconciler.model.plan import Change, Op, Outcome, Plan
from reconciler.model.steps import Call, Held

TOLD = 2.0  # seconds: to wait for one's turn less long is not worth a word


class EventKind(enum.StrEnum):
    """What is told of a change while it is made."""

    BEGUN = "begun"
    STEP = "step"  # one of its steps is done
    WAITING = "waiting"
    NOTE = "note"  # an event, a stopped task, …
    DONE = "done"
    HELD = "held"
    FAILED = "failed"


@dataclass(frozen=True)
class ProgressEvent:
    """Something to tell of a change; `note` identifies what should be told once."""

    what: EventKind
    change: Change
    text: str = ""
    note: str = ""


Pace = Callable[[Execution], float]  # seconds until the next try
Report = Callable[[ProgressEvent], object]


class Ledger:
    """Takes tasks in and gives them out when they are due. One thread uses it."""

    def __init__(
        self, plan: Plan, pace: Pace, now: Callable[[], float], report: Report, reads: Turns | None = None
    ) -> None:
        self.ids, self._pace, self._now, self._report = dict(plan.ids), pace, now, report
        self._todo = {c.key: c for c in plan.changes}
        self._graph = TopologicalSorter(edges(self._todo))
        self._graph.prepare()
        self._settling = set[str]()  # nodes of rollouts that are waited for
        self._queue: list[tuple[float, int, Execution]] = []  # a heap, by when they are due
        self._number = count()
        self._begun: dict[str, Execution] = {}
        self._told, self._turns = set[str](), set[str]()
        self._writes, self._reads = Buckets(), reads or Turns(now)
        self._free, self._ended, self._outcome = set[str](), set[str](), Outcome()

    def next(self) -> Execution | None:
        """A task that is due now."""
        while ready := self._graph.get_ready():
            for node in ready:
                self._reach(node)
        while self.rest() == 0:
            execution = heappop(self._queue)[-1]
            if execution.change.key not in self._told:
                self._told.add(execution.change.key)
                self._tell(EventKind.BEGUN, execution)
            if not (seconds := self._until_its_turn(execution)):
                self._begun[execution.change.key] = execution
                return execution
            self._push(execution.postponed(seconds), seconds)
        return None

    def rest(self) -> float | None:
        """Seconds until a task is due; None if there is none."""
        return max(0, self._queue[0][0] - self._now()) if self._queue else None

    def enter(self, execution: Execution) -> None:
        """How a task stands after a try."""
        if execution.last_not_yet:
            for note, text in execution.last_not_yet.notes.items():
                self._tell(EventKind.NOTE, execution, text, note)
            self._tell(EventKind.WAITING, execution, execution.waits_for)
        else:
            for warning in execution.warnings:
                self._tell(EventKind.NOTE, execution, warning, warning)
            self._tell(EventKind.STEP, execution)
        self._begun[execution.change.key] = execution
        self._enter(execution)

    def fail(self, execution: Execution, error: BaseException) -> None:
        """It cannot be done; what comes after it is never freed."""
        self._outcome.failed[execution.change.key] = error
        self._tell(EventKind.FAILED, execution, message(error))

    def hold(self, execution: Execution, held: Held) -> None:
        """It waits for a person, and so does what comes after it."""
        self._outcome.held[execution.change.key] = held
        self._tell(EventKind.HELD, execution, held.why)

    def close(self, *, stopped: bool = False) -> Outcome:
        """The end: what was not started, and why."""
        out = self._outcome
        out.stopped, out.ids = stopped, self.ids
        ended = {*out.done, *out.failed, *out.held}
        out.interrupted = [key for key in self._begun if key not in ended]
        last = final_deletions(self._todo) if not stopped else ()
        for key, change in self._todo.items():  # in an order in which causes come first
            if key in self._begun or key in ended:
                continue
            causes = [*sorted(change.after), *([*out.failed, *out.held][:1] if key in last else ())]
            failed = next((k for k in causes if k in out.failed or out.skipped.get(k)), None)
            held = next((k for k in causes if k in out.held), None)
            if failed:
                out.skipped[key] = out.skipped.get(failed) or failed
            elif held and not stopped:
                out.held[key] = Held(f"waits for {held}", cause=held)
            else:
                out.skipped[key] = ""
        return out

    def _reach(self, node: str) -> None:
        """All that comes before this node of the graph is done."""
        if change := self._todo.get(node):
            self._enter(Execution(change, change.steps, change.outputs))
        elif node == ALL_ELSE or node.removesuffix(SETTLED) in self._ended:
            self._graph.done(node)
        else:
            self._settling.add(node)

    def _enter(self, execution: Execution) -> None:
        key = execution.change.key
        if not execution.needed and key not in self._free:
            self._free.add(key)
            if execution.change.op is not Op.DELETE:
                self.ids[execution.change.address] = execution.outputs
            self._graph.done(key)
        if execution.steps:
            self._push(execution, self._pace(execution) if execution.tries else 0)
        else:
            self._outcome.done.append(key)
            self._ended.add(key)
            if key + SETTLED in self._settling:
                self._graph.done(key + SETTLED)
            self._tell(EventKind.DONE, execution)

    def _push(self, execution: Execution, seconds: float) -> None:
        heappush(self._queue, (self._now() + seconds, next(self._number), execution))

    def _until_its_turn(self, execution: Execution) -> float:
        """Seconds that AWS's rates keep it waiting; 0 once it has waited."""
        key, step = execution.change.key, execution.next_request
        if key in self._turns or step is None:
            self._turns.discard(key)
            return 0
        writes = isinstance(step, Call) and not step.reads
        turn = partial(self._writes.turn, now=self._now()) if writes else self._reads.turn
        seconds, operation = max((turn(*call), call[1]) for call in step.asks)
        if seconds:
            self._turns.add(key)
        if seconds > TOLD:
            self._tell(EventKind.WAITING, execution, f"waits to stay below AWS's rate of {operation}")
        return seconds

    def _tell(self, what: EventKind, execution: Execution, text: str = "", note: str = "") -> None:
        self._report(ProgressEvent(what, execution.change, text, note))
