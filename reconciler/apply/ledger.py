"""The book of one apply: what is due, under way and done. No threads, no AWS."""

import enum
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from graphlib import TopologicalSorter
from heapq import heappop, heappush
from itertools import count

from reconciler.apply.deletions_last import ALL_ELSE, SETTLED, edges, leaving
from reconciler.apply.execution import Task
from reconciler.aws.errors import message
from reconciler.aws.rates import Buckets, Turns
from reconciler.model.plan import Change, Op, Outcome, Plan
from reconciler.model.steps import Call, Held

TOLD = 2.0  # seconds: to wait for one's turn less long is not worth a word


class What(enum.StrEnum):
    """What is told of a change while it is made."""

    BEGUN = "begun"
    STEP = "step"  # one of its steps is done
    WAITING = "waiting"
    NOTE = "note"  # an event, a stopped task, …
    DONE = "done"
    HELD = "held"
    FAILED = "failed"


@dataclass(frozen=True)
class Event:
    """Something to tell of a change; `note` identifies what should be told once."""

    what: What
    change: Change
    text: str = ""
    note: str = ""


Pace = Callable[[Task], float]  # seconds until the next try
Report = Callable[[Event], object]


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
        self._queue: list[tuple[float, int, Task]] = []  # a heap, by when they are due
        self._number = count()
        self._begun: dict[str, Task] = {}
        self._told, self._turns = set[str](), set[str]()
        self._writes, self._reads = Buckets(), reads or Turns(now)
        self._free, self._ended, self._outcome = set[str](), set[str](), Outcome()

    def next(self) -> Task | None:
        """A task that is due now."""
        while ready := self._graph.get_ready():
            for node in ready:
                self._reach(node)
        while self.rest() == 0:
            task = heappop(self._queue)[-1]
            if task.change.key not in self._told:
                self._told.add(task.change.key)
                self._tell(What.BEGUN, task)
            if not (seconds := self._until_its_turn(task)):
                self._begun[task.change.key] = task
                return task
            self._push(task.delayed(seconds), seconds)
        return None

    def rest(self) -> float | None:
        """Seconds until a task is due; None if there is none."""
        return max(0, self._queue[0][0] - self._now()) if self._queue else None

    def enter(self, task: Task) -> None:
        """How a task stands after a try."""
        if task.said:
            for note, text in task.said.notes.items():
                self._tell(What.NOTE, task, text, note)
            self._tell(What.WAITING, task, task.waits_for)
        else:
            for warning in task.warnings:
                self._tell(What.NOTE, task, warning, warning)
            self._tell(What.STEP, task)
        self._begun[task.change.key] = task
        self._enter(task)

    def fail(self, task: Task, error: BaseException) -> None:
        """It cannot be done; what comes after it is never freed."""
        self._outcome.failed[task.change.key] = error
        self._tell(What.FAILED, task, message(error))

    def hold(self, task: Task, held: Held) -> None:
        """It waits for a person, and so does what comes after it."""
        self._outcome.held[task.change.key] = held
        self._tell(What.HELD, task, held.why)

    def close(self, *, stopped: bool = False) -> Outcome:
        """The end: what was not started, and why."""
        out = self._outcome
        out.stopped, out.ids = stopped, self.ids
        ended = {*out.done, *out.failed, *out.held}
        out.interrupted = [key for key in self._begun if key not in ended]
        last = leaving(self._todo) if not stopped else ()
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
            self._enter(Task(change, change.steps, change.outputs))
        elif node == ALL_ELSE or node.removesuffix(SETTLED) in self._ended:
            self._graph.done(node)
        else:
            self._settling.add(node)

    def _enter(self, task: Task) -> None:
        key = task.change.key
        if not task.needed and key not in self._free:
            self._free.add(key)
            if task.change.op is not Op.DELETE:
                self.ids[task.change.address] = task.outputs
            self._graph.done(key)
        if task.steps:
            self._push(task, self._pace(task) if task.tries else 0)
        else:
            self._outcome.done.append(key)
            self._ended.add(key)
            if key + SETTLED in self._settling:
                self._graph.done(key + SETTLED)
            self._tell(What.DONE, task)

    def _push(self, task: Task, seconds: float) -> None:
        heappush(self._queue, (self._now() + seconds, next(self._number), task))

    def _until_its_turn(self, task: Task) -> float:
        """Seconds that AWS's rates keep it waiting; 0 once it has waited."""
        key, step = task.change.key, task.sends
        if key in self._turns or step is None:
            self._turns.discard(key)
            return 0
        writes = isinstance(step, Call) and not step.reads
        turn = partial(self._writes.turn, now=self._now()) if writes else self._reads.turn
        seconds, operation = max((turn(*call), call[1]) for call in step.asks)
        if seconds:
            self._turns.add(key)
        if seconds > TOLD:
            self._tell(What.WAITING, task, f"waits to stay below AWS's rate of {operation}")
        return seconds

    def _tell(self, what: What, task: Task, text: str = "", note: str = "") -> None:
        self._report(Event(what, task.change, text, note))
