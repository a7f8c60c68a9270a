"""What a thread does with a task: one try of its next step, or one look for a lost answer. Never sleeps."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from threading import Event as Flag
from typing import Any

from reconciler.apply.execution import Execution
from reconciler.aws.errors import undone
from reconciler.aws.reads import Reads
from reconciler.errors import ReadFailed
from reconciler.model.references import Address, Ref, refs, resolve
from reconciler.model.spec import Live, Spec
from reconciler.model.steps import Call, Held, NotYet, Outputs, Step, Warned
from reconciler.plan.matching import decide, find, named, names_of
from reconciler.resources.kind import Kinds

SLOW, AGAIN = 10.0, 30.0  # seconds of "not yet" before AWS is asked what blocks a step, and between two askings
LASTING = 60.0  # seconds to wait for what only a person can take away, from when that is known
RECOVERY_READS = (
    4  # AWS may not show a new thing at once: seen missing so often, over half a minute, it is not there
)


@dataclass(frozen=True)
class Worker:
    """What takes tasks one try further. Threads share it."""

    reads: Reads
    kinds: Kinds
    ids: Mapping[Address, Outputs]  # the ledger's own: grows meanwhile, and is only looked up
    planned_deletions: frozenset[str]  # keys of what this plan deletes
    now: Callable[[], float]
    stop: Flag
    hold_for: float  # seconds

    def advance(self, execution: Execution) -> Execution | Held:
        """One try, and how the task stands after it. Raises what cannot be mended by another one."""
        if not execution.steps or execution.wait_is_void:
            return execution.advanced({})
        if execution.must_recover and execution.change.want:
            return self._look(execution, execution.change.want)
        step = self._resolved(execution)
        answer = self.reads.aws.attempt(step, self.stop)
        waited = self.now() - execution.first_try_ended if execution.tries else 0
        holds = self.hold_for if isinstance(step, Call) and step.hold else 0
        match answer:
            case Held() if waited >= holds:
                return answer
            case Held():
                answer = NotYet(answer.why, notes={"remedy": answer.remedy})
        if isinstance(answer, NotYet):
            execution = self._explained(execution, step, answer)
            if execution.blocked.lasting and answer.patience is None:
                answer = replace(answer, patience=LASTING)
            return execution.retried(answer, self.now(), max(step.patience, holds))
        if isinstance(answer, Warned):
            return execution.advanced(answer.outputs, answer.warnings)
        return execution.advanced(answer)

    def _explained(self, execution: Execution, step: Step, answer: NotYet) -> Execution:
        """With what blocks it, if that has gone on for a while and was not asked just now."""
        now, passing = self.now(), isinstance(answer.why, BaseException) and undone(answer.why)
        looks = () if answer.answer_lost or passing else step.blockers
        early = not execution.tries or now - execution.first_try_ended < SLOW
        if (
            not looks
            or early
            or self.stop.is_set()
            or (execution.blockers_asked_at is not None and now - execution.blockers_asked_at < AGAIN)
        ):
            return execution
        return replace(execution, blockers_asked_at=now, blocked=self.reads.aws.blockers(looks, self.stop))

    def _resolved(self, execution: Execution) -> Step:
        """The next step with ids for Refs."""

        def id_of(ref: Ref) -> str:
            if ref.foreign:
                return ref.name
            return (execution.outputs if ref.address == execution.change.address else self.ids[ref.address])[
                ref.attr
            ]

        step = execution.steps[0]
        looks = tuple(replace(look, params=resolve(look.params, id_of)) for look in step.blockers)
        step = replace(step, params=resolve(step.params, id_of), blockers=looks)
        return replace(step, remedy=resolve(step.remedy, id_of)) if isinstance(step, Call) else step

    def _look(self, execution: Execution, want: Spec) -> Execution:
        """The answer was lost: plan this one resource anew, from what AWS has now."""
        kind, patience = self.kinds[want.kind], execution.steps[0].patience
        try:
            lives = list(kind.read(self.reads.fresh(self.stop)))
        except ReadFailed as e:
            return execution.retried(NotYet(e, answer_lost=True), self.now(), patience)
        live = self._found(execution, want, lives)
        fields, steps = decide(kind, want, live)
        unseen = live is None or kind.changes_identity(fields)
        if unseen and execution.times_not_found + 1 < (1 if execution.name_taken else RECOVERY_READS):
            again = NotYet("checking whether the call took effect", answer_lost=True)
            return replace(
                execution.retried(again, self.now(), patience), times_not_found=execution.times_not_found + 1
            )
        return execution.replanned(steps, live.outputs if live else {})

    def _found(self, execution: Execution, want: Spec, lives: list[Live[Any]]) -> Live[Any] | None:
        """What the change made or changed, by its name in the plan and with names for the ids that it holds."""
        names: dict[Ref, Ref] = {}
        for address in {ref.address for ref in refs(want)}:
            names |= names_of(address, self.ids.get(address, {}))
        mine = [
            named(live, names)
            for live in lives
            if live.owner == self.reads.stack.name and live.spec.address == want.address
            if live.key not in self.planned_deletions
        ]
        as_wanted = next((live for live in mine if not decide(self.kinds[want.kind], want, live)[0]), None)
        before = execution.change.live.handles if execution.change.live else ()
        return as_wanted or find(want, mine, before.count)
