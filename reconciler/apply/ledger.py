"""The ledger of one apply: which changes are due, under way and done. It has no threads and calls no AWS."""

from collections.abc import Callable, Collection
from graphlib import TopologicalSorter
from typing import TYPE_CHECKING

from reconciler.apply.clean_up import Awaited, amount_left
from reconciler.apply.deletions_last import GROUPS, ROLLED_OUT_SUFFIX, edges, final_changes
from reconciler.apply.entry import Entry, State
from reconciler.apply.events import EventKind, ProgressEvent, Report
from reconciler.apply.execution import Execution
from reconciler.apply.kept import already_in_use, deletions_by_id, find_deletion
from reconciler.apply.line import Line
from reconciler.apply.pacing import Pace, seconds_until_try
from reconciler.apply.unanswered import Unanswered
from reconciler.apply.urgency import urgencies
from reconciler.aws.buckets import Buckets
from reconciler.aws.errors import message
from reconciler.aws.turns import Turns
from reconciler.errors import LeaseLost
from reconciler.model.plan import Change, Op, Outcome, Plan
from reconciler.model.steps import Held

if TYPE_CHECKING:
    from reconciler.model.references import Address

Forbids = Callable[[Change], str]
"""Say why a change may not begin now, and so is held; an empty text: it may."""

DELAY_REPORTED = 2.0  # seconds: a shorter wait for AWS's rates is not reported


class Ledger:
    """The executions of an apply: `next` returns one to try; `enter`, `fail` and `hold` record how it went."""

    def __init__(
        self,
        plan: Plan,
        pace: Pace,
        now: Callable[[], float],
        report: Report,
        reads: Turns | None = None,
        forbids: Forbids = lambda _change: "",
    ) -> None:
        self.ids, self._pace, self._now, self._report = dict(plan.ids), pace, now, report
        self.changed_at: dict[Address, float] = {}  # when each resource was made or changed
        changes = {c.key: c for c in plan.changes}
        self._entries = {key: Entry(change) for key, change in changes.items()}
        graph, buckets = edges(changes), Buckets()
        self._graph = TopologicalSorter(graph)
        self._graph.prepare()
        self._final = final_changes(changes)
        self._deletions = deletions_by_id(plan.changes)
        self._kept: dict[str, str] = {}  # key of a deletion that must not begin -> key of the creation
        self._line = Line(urgencies(changes, graph, buckets), buckets, reads or Turns(now))
        self._outcome = Outcome()
        self._unanswered = Unanswered()
        self._awaited = Awaited(now, none_since=now())
        self._forbids = forbids
        self.halted = False  # nothing may be written any more

    def next(self) -> Execution | None:
        """Return the most urgent execution whose turn has come; None if there is none."""
        while nodes := self._graph.get_ready():
            for node in sorted(nodes, key=self._line.urgency.__getitem__, reverse=True):
                self._reach(node)
        for delayed, operation, seconds in self._line.admit(self._now()):
            if seconds > DELAY_REPORTED:
                self._begin(delayed)
                text = f"waits to stay below AWS's rate of {operation}"
                self._report(ProgressEvent(EventKind.WAITING, delayed.change, text, rate=operation))
        while self.until_due() == 0 and (execution := self._line.take(self._now())):
            entry = self._entries[execution.change.key]
            if not entry.begun and (why := self._forbids(execution.change)):
                self.hold(execution, Held(why))
            elif entry.begun or execution.change.key not in self._kept:
                self._begin(execution)
                entry.state, entry.begun = State.RUNNING, True
                return execution
            else:
                self._awaited.discard(execution.change.key)
        return None

    def until_due(self) -> float | None:
        """Return the seconds until an execution's turn comes; None if none is queued that the run waits for."""
        seconds = self._line.until_turn(self._now())
        return seconds if seconds is not None and self._awaited.outlast(seconds) else None

    def enter(self, execution: Execution) -> None:
        """Record an execution after a try that ended in outputs or "not yet". It fails if AWS is silent."""
        if error := self._unanswered.note(execution, self._now()):
            self.fail(execution, error)
            return
        if (deletion := find_deletion(self._deletions, execution)) and not self._entries[deletion].freed:
            self._kept[deletion] = execution.change.key
            self.fail(execution, already_in_use(execution))
            return
        if execution.last_not_yet:
            for note, text in execution.last_not_yet.notes.items():
                self._emit(EventKind.NOTE, execution, text, note)
            self._emit(EventKind.WAITING, execution, execution.waits_for)
        else:
            for warning in execution.warnings:
                self._emit(EventKind.NOTE, execution, warning, warning)
            self._emit(EventKind.STEP, execution)
        self._enter(execution)

    def fail(self, execution: Execution, error: BaseException) -> None:
        """Record that a change failed. Its dependents never start, and no change goes on without the lease."""
        if isinstance(error, LeaseLost):
            if self.halted:  # one change tells of it
                return
            self.halted = True
        self._end(execution, State.FAILED)
        self._outcome.failed[execution.change.key] = error
        self._emit(EventKind.FAILED, execution, message(error))

    def hold(self, execution: Execution, held: Held) -> None:
        """Record that a change waits for a person. Its dependents never start."""
        self._end(execution, State.HELD)
        self._outcome.held[execution.change.key] = held
        self._emit(EventKind.HELD, execution, held.why)

    def close(self, *, stopped: bool = False) -> Outcome:
        """Return how all changes ended, and the cause for each that was not begun."""
        out = self._outcome
        out.stopped, out.ids = stopped, self.ids
        ended = (key for key in (*out.failed, *out.held) if not self._entries[key].change.is_clean_up)
        obstacle = [] if stopped else [*ended][:1]  # of all that comes last
        steps = {execution.change.key: execution.steps for execution in self._line.waiting}
        for key, entry in self._entries.items():  # in an order in which causes come first
            if entry.change.is_clean_up and not entry.ended:
                out.left[key] = amount_left(entry.change, steps.get(key, entry.change.steps))
            elif entry.begun and not entry.ended:
                out.interrupted.append(key)
            elif not entry.ended:
                kept_for = [self._kept[key]] if key in self._kept else []
                causes = [*kept_for, *sorted(entry.change.after), *(obstacle if key in self._final else ())]
                self._skip(key, causes)
        return out

    def _skip(self, key: str, causes: Collection[str]) -> None:
        out = self._outcome
        failed = next((k for k in causes if k in out.failed or out.skipped.get(k)), None)
        held = next((k for k in causes if k in out.held), None)
        if failed:
            out.skipped[key] = out.skipped.get(failed) or failed
        elif held and not out.stopped:
            out.held[key] = Held(f"waits for {held}", cause=held)
        else:
            out.skipped[key] = ""

    def _reach(self, node: str) -> None:
        """Process a node of the graph whose dependencies are all done."""
        if entry := self._entries.get(node):
            self._awaited.add(entry.change)
            self._enter(Execution(entry.change, entry.change.steps, entry.change.outputs))
        elif node in GROUPS or self._entries[node.removesuffix(ROLLED_OUT_SUFFIX)].state is State.DONE:
            self._graph.done(node)
        else:
            self._entries[node.removesuffix(ROLLED_OUT_SUFFIX)].end_awaited = True

    def _enter(self, execution: Execution) -> None:
        key, entry = execution.change.key, self._entries[execution.change.key]
        if not execution.needed and not entry.freed:
            entry.freed = True
            if execution.change.op is not Op.DELETE and not execution.change.is_clean_up:
                self.ids[execution.change.address] = execution.outputs
                self.changed_at[execution.change.address] = self._now()
            self._graph.done(key)
        if execution.steps:
            entry.state = State.QUEUED if entry.begun else State.READY
            now = self._now()
            self._line.put(execution, now + seconds_until_try(execution, self._pace, now))
            return
        self._end(execution, State.DONE)
        self._outcome.done.append(key)
        if entry.end_awaited:
            self._graph.done(key + ROLLED_OUT_SUFFIX)
        self._emit(EventKind.DONE, execution)

    def _end(self, execution: Execution, state: State) -> None:
        self._entries[execution.change.key].state = state
        self._awaited.discard(execution.change.key)

    def _begin(self, execution: Execution) -> None:
        """Tell once that a change begins: with its first try, or when it waits for its turn."""
        entry = self._entries[execution.change.key]
        if entry.state is State.READY:
            entry.state = State.QUEUED
            self._emit(EventKind.BEGUN, execution)

    def _emit(self, what: EventKind, execution: Execution, text: str = "", note: str = "") -> None:
        self._report(ProgressEvent(what, execution.change, text, note))
