"""Rehearse a deployment: apply, plan and destroy on a private embedded AWS whose time is simulated."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial

from desired_state.platform import Platform
from reconciler import apply as engine
from reconciler.apply.pacing import pace
from reconciler.aws.client import Aws
from reconciler.aws.clock import Clock
from reconciler.aws.reads import Stack, open_reads
from reconciler.aws.turns import Turns
from reconciler.blueprint import blueprint, facts
from reconciler.blueprint.limits import require_within_limits
from reconciler.blueprint.outside import complete
from reconciler.blueprint.priorities import give_priorities
from reconciler.model.plan import Outcome
from reconciler.plan import validate
from reconciler.plan.safety import protection_objections
from reconciler.render.outcome import explain_failures, find_held
from reconciler.render.redaction import known_secrets
from reconciler.render.rehearsal import RecordedCall, Rehearsal, RehearsedRun
from reconciler.render.timeline import Recorder
from reconciler.resources import KINDS
from reconciler.session import Session
from reconciler.target import require_known_region

PAUSE_BETWEEN_ACTS = 60.0  # seconds between two acts, in which AWS's reads catch up with its writes
STEADY_PACE = partial(pace, chance=lambda: 0.0)  # a rehearsal is the same each time


@dataclass
class Testbed:
    """An embedded AWS with its clock, and the calls made to it."""

    platform: Platform
    aws: Aws
    clock: Clock
    calls: list[RecordedCall] = field(default_factory=list)
    act: str = ""  # the one under way: apply, plan, destroy or look
    begun: float = 0  # when it began, by the clock

    def __post_init__(self) -> None:
        self.aws.notify_of_calls(lambda call: self.calls.append(RecordedCall(self.act, self.elapsed(), call)))

    def begin(self, act: str) -> None:
        """Begin an act, after a pause if it is not the first. Calls are recorded under its name from now on."""
        if self.act:
            self.clock.rest(PAUSE_BETWEEN_ACTS)
        self.act, self.begun = act, self.clock.now()

    def elapsed(self) -> float:
        """Return the seconds since the act began."""
        return self.clock.now() - self.begun

    @contextmanager
    def open_session(self) -> Iterator[Session]:
        """Open a session on the embedded AWS, in its account: `rehearse FILE` gives it the file's."""
        stack = Stack(self.platform.stack, self.platform.suffix)
        # Few threads: rests take no time here, and many would run ahead of the calls that they are for.
        turns = Turns(self.clock.now, self.clock.rest)
        with open_reads(self.aws, stack, turns=turns, threads=1) as reads:
            platform = complete(reads, self.platform)
            found = facts.read_facts(reads, platform)
            specs = give_priorities(reads, blueprint(platform, found))
            yield Session(platform, found, specs, reads.for_specs(specs))


def rehearse(platform: Platform, aws: Aws, clock: Clock) -> Rehearsal:
    """Apply, check that a second plan is empty, destroy, and check that no resource is left.

    `aws` must be empty and use `clock`. If protection forbids the destroy, it is left out and a note says so.
    Raises `LoadError` for a file that exceeds a limit of AWS, and `RunRefused` for an unknown region.
    """
    require_known_region(aws.region)
    require_within_limits(platform, aws.partition)
    testbed = Testbed(platform, aws, clock)
    applied = _run(testbed, "apply")
    problems = [
        *_find_problems("apply", applied),
        *([] if _is_unfinished(applied) else _check_second_plan(testbed)),
    ]
    destroyed, notes = _run(testbed, "destroy"), list[str]()
    if refusals := [text.partition("\n")[0] for text in protection_objections(KINDS, destroyed.plan)]:
        notes = [f"destroy is not rehearsed: {refusal}" for refusal in refusals]
    else:
        problems += [*_find_problems("destroy", destroyed), *_check_leftovers(testbed)]
    destroy_run = None if refusals else destroyed
    return Rehearsal(platform.stack, applied, destroy_run, tuple(problems), tuple(notes), tuple(testbed.calls))


def _run(testbed: Testbed, act: str) -> RehearsedRun:
    """Plan and apply, unless the plan has conflicts or would delete a protected resource."""
    testbed.begin(act)
    with testbed.open_session() as session:
        plan = session.plan(destroy=act == "destroy")
        recorder = Recorder(testbed.clock.now, known_secrets(plan))
        validate.check(plan.changes)
        if plan.conflicts or any(protection_objections(KINDS, plan)):
            return RehearsedRun(plan, Outcome(), (), 0)
        begun, reads = testbed.clock.now(), session.reads
        outcome = engine.apply(
            reads, KINDS, plan, report=recorder, workers=1, pace=STEADY_PACE, clock=testbed.clock
        )
        return RehearsedRun(plan, outcome, recorder.spans(begun), testbed.elapsed())


def _is_unfinished(run: RehearsedRun) -> bool:
    return bool(run.plan.conflicts or run.outcome.failed or run.outcome.held)


def _find_problems(act: str, run: RehearsedRun) -> Iterator[str]:
    for conflict in run.plan.conflicts:
        yield f"{act}: {conflict.address}: {conflict.why}"
    for key, known in explain_failures(run.plan, run.outcome).items():
        likely = f"\nlikely: {known.cause}\ndo: {known.remedy}" if known.cause else ""
        yield f"{act}: {key}: {known.message}{likely}"
    for key, held in find_held(run.plan, run.outcome).items():
        yield f"{act}: {key} is held: {held.why}"


def _check_second_plan(testbed: Testbed) -> Iterator[str]:
    """Yield a problem for each change that a plan finds right after the apply."""
    testbed.begin("plan")
    with testbed.open_session() as session:
        for change in session.plan().changes:
            fields = ", ".join(diff.field for diff in change.fields)
            yield f"a second plan is not empty: {change.op} {change.address}" + f" ({fields})" * bool(fields)


def _check_leftovers(testbed: Testbed) -> Iterator[str]:
    """Yield a problem for each resource that is left after the destroy."""
    testbed.begin("look")
    with testbed.open_session() as session:
        for change in session.plan(destroy=True).changes:
            yield f"left after destroy: {change.key}"
