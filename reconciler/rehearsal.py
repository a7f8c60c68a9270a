"""A deployment before AWS sees it: apply, plan and destroy on an AWS of one's own, whose time is made up."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial

from desired_state.platform import Platform
from reconciler import apply as engine
from reconciler.apply import Clock
from reconciler.apply.pacing import pace
from reconciler.aws.client import Aws
from reconciler.aws.rates import Turns
from reconciler.aws.reads import Stack, open_reads
from reconciler.blueprint import blueprint, facts
from reconciler.model.plan import Outcome
from reconciler.plan import validate
from reconciler.plan.safety import protected
from reconciler.render.explain import explain
from reconciler.render.rehearsal import Called, Performed, Rehearsal
from reconciler.render.timeline import Recorder
from reconciler.resources import KINDS
from reconciler.run import Session

LATER = 60.0  # seconds after an act in which reads catch up with it, as with a person who looks again
STEADY_PACE = partial(pace, chance=lambda: 0.0)  # a rehearsal is the same each time


@dataclass
class Stage:
    """Where it is performed, and what AWS was asked there."""

    platform: Platform
    aws: Aws
    clock: Clock
    calls: list[Called] = field(default_factory=list)
    act: str = ""
    begun: float = 0

    def __post_init__(self) -> None:
        self.aws.heard(lambda call: self.calls.append(Called(self.act, self.elapsed(), call)))

    def begin(self, act: str) -> None:
        """What is called from now on belongs to this."""
        if self.act:
            self.clock.rest(LATER)
        self.act, self.begun = act, self.clock.now()

    def elapsed(self) -> float:
        """Seconds since the act began."""
        return self.clock.now() - self.begun

    @contextmanager
    def open_session(self) -> Iterator[Session]:
        """What AWS has now. It is nobody's account, so the file's is not asked for."""
        stack = Stack(self.platform.stack, self.platform.suffix)
        with open_reads(self.aws, stack, turns=Turns(self.clock.now, self.clock.rest)) as reads:
            found = facts.read(reads, self.platform)
            specs = tuple(blueprint(self.platform, found))
            yield Session(self.platform, found, specs, reads.for_specs(specs))


def rehearse(platform: Platform, aws: Aws, clock: Clock) -> Rehearsal:
    """Apply, find nothing to do, destroy, find nothing left. `aws`: an empty one, in the time of `clock`."""
    stage = Stage(platform, aws, clock)
    applied = _perform(stage, "apply")
    problems = [*_went_wrong("apply", applied), *([] if _stopped(applied) else _left_to_do(stage))]
    destroyed, notes = _perform(stage, "destroy"), list[str]()
    if guarded := [told.partition("\n")[0] for told in protected(KINDS, destroyed.todo)]:
        notes = [f"destroy is not rehearsed: {told}" for told in guarded]
    else:
        problems += [*_went_wrong("destroy", destroyed), *_left(stage)]
    gone = None if guarded else destroyed
    return Rehearsal(platform.stack, applied, gone, tuple(problems), tuple(notes), tuple(stage.calls))


def _perform(stage: Stage, act: str) -> Performed:
    """Make the plan and carry it out, with consent to all that is not protected."""
    stage.begin(act)
    with stage.open_session() as session:
        todo, recorder = session.plan(destroy=act == "destroy"), Recorder(stage.clock.now)
        validate.check(todo.changes)
        if todo.conflicts or any(protected(KINDS, todo)):
            return Performed(todo, Outcome(), (), 0)
        begun, reads = stage.clock.now(), session.reads
        outcome = engine.apply(
            reads, KINDS, todo, report=recorder, workers=1, pace=STEADY_PACE, clock=stage.clock
        )
        return Performed(todo, outcome, recorder.spans(begun), stage.elapsed())


def _stopped(done: Performed) -> bool:
    return bool(done.todo.conflicts or done.outcome.failed or done.outcome.held)


def _went_wrong(act: str, done: Performed) -> Iterator[str]:
    for conflict in done.todo.conflicts:
        yield f"{act}: {conflict.address}: {conflict.why}"
    for key, error in done.outcome.failed.items():
        known = explain(error)
        likely = f"\nlikely: {known.cause}\ndo: {known.remedy}" if known.cause else ""
        yield f"{act}: {key}: {known.message}{likely}"
    for key, held in done.outcome.held.items():
        yield f"{act}: {key} is held: {held.why}"


def _left_to_do(stage: Stage) -> Iterator[str]:
    stage.begin("plan")
    with stage.open_session() as session:
        for change in session.plan().changes:
            fields = ", ".join(diff.field for diff in change.fields)
            yield f"a second plan is not empty: {change.op} {change.address}" + f" ({fields})" * bool(fields)


def _left(stage: Stage) -> Iterator[str]:
    stage.begin("look")
    with stage.open_session() as session:
        for change in session.plan(destroy=True).changes:
            yield f"left after destroy: {change.key}"
