"""Make one try for a change: of its next step, or a read to recover. A try never sleeps."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from secrets import token_hex
from threading import Event
from typing import Any

from reconciler.apply.execution import Execution
from reconciler.aws.errors import had_no_effect
from reconciler.aws.followed_services import FollowedServices
from reconciler.aws.reads import Reads
from reconciler.errors import OtherRun, ReadFailed, StepTimedOut
from reconciler.model.newness import IN_FORCE_WITHIN, while_new
from reconciler.model.references import RUN, Address, Ref, refs, resolve
from reconciler.model.spec import Live, Spec
from reconciler.model.steps import Call, Held, NotYet, Outputs, Rollout, Step, Wait, Warned, steps_of_part
from reconciler.plan.matching import find_immutable, find_match, plan_names, required_change, with_plan_names
from reconciler.resources.kind import Kinds

BLOCKERS_ASKED_AFTER = 10.0  # seconds of "not yet" before AWS is asked what blocks a step
BLOCKERS_ASKED_EVERY = 30.0  # seconds between two such questions
PATIENCE_WITH_PERSON = 60.0  # seconds to wait for what only a person can take away, once that is known
READ_WITHIN = 300.0  # seconds for which AWS's reads may fail after a lost answer, if the step has fewer
RECOVERY_READS = 4  # AWS may show a new resource late; not found so often, in half a minute, it is missing


@dataclass(frozen=True)
class Worker:
    """Makes the tries. Threads share it."""

    reads: Reads
    kinds: Kinds
    ids: Mapping[Address, Outputs]  # the ledger's, which adds to it during the apply; only read here
    planned_deletions: frozenset[str]  # keys of the live resources that this plan deletes
    changed_at: Mapping[Address, float]  # the ledger's too: when each resource was made or changed
    created: frozenset[Address]  # of the resources that this plan creates: AWS may not know them everywhere yet
    now: Callable[[], float]
    stop: Event
    hold_for: float  # seconds
    followed: FollowedServices
    run: str = field(default_factory=partial(token_hex, 8))  # see `references.RUN`

    def advance(self, execution: Execution) -> Execution | Held:
        """Make one try, and return the execution after it. Raises an error that no other try can mend."""
        if not execution.steps or execution.wait_is_void:
            return execution.advanced({})
        if execution.must_recover and execution.change.want:
            return self._recover(execution, execution.change.want)
        step = self._resolve(execution)
        answer = self.reads.aws.attempt(step, self.stop, self.followed)
        waited = self.now() - execution.first_try_ended if execution.tries else 0
        hold_for = self.hold_for if isinstance(step, Call) and step.hold else 0
        match answer:
            case Held() if waited >= hold_for:
                return answer
            case Held():
                answer = NotYet(answer.why, notes={"remedy": answer.remedy})
        if execution.half_done and not isinstance(answer, NotYet):
            answer = NotYet("checking what an earlier try has left", answer_lost=True)
        if isinstance(answer, NotYet):
            return self._retry(execution, step, answer, max(step.patience, hold_for))
        if isinstance(answer, Warned):
            return self._follow(execution.advanced(answer.outputs, answer.warnings))
        return self._follow(execution.advanced(answer))

    def _follow(self, execution: Execution) -> Execution:
        """Return the execution. If a rollout is its next step, that is followed from now on."""
        if execution.polls_rollout:
            step = self._resolve(execution)
            if isinstance(step, Rollout):
                self.followed.follow(step)
        return execution

    def _retry(self, execution: Execution, step: Step, answer: NotYet, patience: float) -> Execution | Held:
        execution = self._ask_blockers(execution, step, answer)
        if execution.blocked.needs_person and answer.patience is None:
            answer = replace(answer, patience=PATIENCE_WITH_PERSON)
        try:
            return execution.retried(answer, self.now(), patience)
        except StepTimedOut as error:
            if isinstance(step, Wait) and step.remedy and not isinstance(answer.why, BaseException):
                return Held(str(error), step.remedy)
            raise

    def _ask_blockers(self, execution: Execution, step: Step, answer: NotYet) -> Execution:
        """Return the execution with what blocks its step, if it is time to ask AWS for that."""
        now, passing = self.now(), isinstance(answer.why, BaseException) and had_no_effect(answer.why)
        if not step.blockers or answer.answer_lost or passing or self.stop.is_set():
            return execution
        early = not execution.tries or now - execution.first_try_ended < BLOCKERS_ASKED_AFTER
        asked_at = execution.blockers_asked_at
        if early or (asked_at is not None and now - asked_at < BLOCKERS_ASKED_EVERY):
            return execution
        return replace(
            execution, blockers_asked_at=now, blocked=self.reads.aws.blockers(step.blockers, self.stop)
        )

    def _resolve(self, execution: Execution) -> Step:
        """Return the next step with ids in the place of Refs."""

        def id_of(ref: Ref) -> str:
            if ref.by_id:
                return ref.name
            if ref.attr == RUN:
                return self.run
            own = ref.address == execution.change.address
            return (execution.outputs if own else self.ids[ref.address])[ref.attr]

        step = execution.steps[0]
        blockers = tuple(replace(query, params=resolve(query.params, id_of)) for query in step.blockers)
        step = replace(step, params=resolve(step.params, id_of), blockers=blockers)
        if isinstance(step, Call):
            retry = while_new(step.retry, self.created)
            return replace(step, remedy=resolve(step.remedy, id_of), retry=retry)
        if isinstance(step, Rollout):
            return replace(step, roles_are_new=any(map(self._is_new, step.roles)))
        return step

    def _is_new(self, role: Ref) -> bool:
        """Tell whether this run has made or changed a role so lately that it may not be in force everywhere."""
        changed_at = self.changed_at.get(role.address)
        return changed_at is not None and self.now() - changed_at < IN_FORCE_WITHIN

    def _recover(self, execution: Execution, want: Spec) -> Execution:
        """Find out what a call with a lost answer did: read this one resource again and plan it anew."""
        kind, patience = self.kinds[want.kind], execution.steps[0].patience
        try:
            live_resources = list(kind.read(self.reads.fresh(self.stop, only=want)))
        except ReadFailed as e:
            return execution.retried(NotYet(e, answer_lost=True), self.now(), max(READ_WITHIN, patience))
        mine = self._mine(want, live_resources)
        live = self._find(execution, want, mine)
        if live is None and execution.already_exists:
            _require_no_other_run(want, mine)
        fields, steps = required_change(kind, want, live)
        not_found, times = live is None or kind.changes_identity(fields), execution.times_not_found + 1
        if not_found and times < (1 if execution.already_exists else RECOVERY_READS):
            answer = NotYet("checking whether the call took effect", answer_lost=True)
            return replace(execution.retried(answer, self.now(), patience), times_not_found=times)
        part = steps_of_part(steps, execution.change.later.what if execution.change.later else None)
        return execution.replanned(part, live.outputs if live else {})

    def _mine(self, want: Spec, live_resources: list[Live[Any]]) -> list[Live[Any]]:
        """Return our live resources at the address, without those to be deleted, with plan names for ids."""
        names: dict[Ref, Ref] = {}
        for address in {ref.address for ref in refs(want)}:
            names |= plan_names(address, self.ids.get(address, {}))
        return [
            with_plan_names(live, names)
            for live in live_resources
            if live.owner == self.reads.stack.name and live.spec.address == want.address
            if live.key not in self.planned_deletions
        ]

    def _find(self, execution: Execution, want: Spec, mine: list[Live[Any]]) -> Live[Any] | None:
        """Return the live resource that the change created or updated."""
        as_wanted = next(
            (live for live in mine if not required_change(self.kinds[want.kind], want, live)[0]), None
        )
        before = execution.change.live.own_refs if execution.change.live else ()
        return as_wanted or find_match(want, mine, before.count)


def _require_no_other_run(want: Spec, mine: list[Live[Any]]) -> None:
    """Raise `OtherRun` if the stack has a resource of this name that cannot become the desired one."""
    for live in mine:
        if live.spec.physical_name == want.physical_name:
            differs = ", ".join(find_immutable(want, live.spec))
            raise OtherRun(
                f"another run of this stack is, or was, under way: it made one with another {differs}"
            )
