"""Put drift right: look while the lease is held, decide, make the changes, and say what became of each.

It leaves no record of an apply: the last apply stays what it was.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace

from desired_state.windows import parse_window
from reconciler.drift.correction_plan import Decision, decide
from reconciler.drift.correction_results import describe_corrections, describe_left
from reconciler.drift.correction_rules import Hold, Rules, closed
from reconciler.drift.last_apply import read_last_apply
from reconciler.drift.look import compare_with, look
from reconciler.drift.report import make_report
from reconciler.errors import LeaseHeld
from reconciler.model.correction import Corrected, Correction, Ended, Reason
from reconciler.model.drift import DriftReport, Severity
from reconciler.model.plan import Change, Outcome, Plan
from reconciler.model.spec import Spec
from reconciler.plan import validate
from reconciler.resources import KINDS
from reconciler.run import Writing, open_session
from reconciler.session import Session
from reconciler.target import Target

MakeChanges = Callable[[Session, Plan, Callable[[Change], str]], Outcome]
"""Apply a plan, given why a change may not begin now, or an empty text."""

SEEN_WITHIN = 10.0  # seconds in which AWS tells what was corrected: as long as after an apply
BETWEEN_LOOKS = 2.0  # seconds


@dataclass(frozen=True)
class Assessment:
    """What a round found, and what may be corrected of it now."""

    report: DriftReport
    decision: Decision | None  # None: nothing may be

    @property
    def is_due(self) -> bool:
        """Tell whether there is something to correct now."""
        return self.decision is not None and bool(self.decision.plan.changes)

    def waiting(self, hold: Hold) -> Corrected:
        """Return the report of a round in which all that may be corrected waits for this."""
        corrected = self.decision.corrected.values() if self.decision else ()
        held = {d.key: hold for differences in corrected for d in differences}
        return describe_left(self.report, self.decision, held, ())

    def ended(self) -> Corrected:
        """Return the report with the reasons why its drift is left, for a round that corrects nothing."""
        return describe_left(self.report, self.decision, {}, ())


@dataclass(frozen=True)
class Attempt:
    """What was done while the lease was held."""

    assessed: Assessment
    corrections: tuple[Correction, ...] = ()
    late: dict[str, Hold] = field(
        default_factory=dict
    )  # what was to be corrected and was not, by `Difference.key`
    stopped: bool = False


def rules_of_file(session: Session, rules: Rules) -> Rules:
    """Return the rules with those of the session's file."""
    of_file = session.platform.drift
    windows = tuple(map(parse_window, of_file.windows))
    return replace(rules, correct=of_file.correct, windows=windows, date=session.date)


def assess(session: Session, rules: Rules, *, directly: bool = True) -> Assessment:
    """Look, report, and decide what may be corrected. It writes nothing. Raises `ReadFailed`.

    Without `directly`, tags are read as `look` says: in fewer calls, where an `attempt` looks again.
    """
    last = read_last_apply(session.reads.aws, session.platform)
    if session.lease and last.holder and last.holder.run == session.lease.holder.run:
        last = replace(last, holder=None)  # this run
    found = look(session, last.applied, directly=directly)
    report = make_report(session, found, last)
    if report.obstacle:
        return Assessment(report, None)

    def replan(desired: Iterable[Spec]) -> Plan:
        return compare_with(session, [*desired], found.live, found.denied)

    return Assessment(report, decide(KINDS, rules, found.plan, report.differences, replan))


def attempt(session: Session, rules: Rules, make_changes: MakeChanges) -> Attempt:
    """Look and decide again, and make the changes. The session holds the lease, unless the file has none."""
    assessed = assess(session, rules)
    if assessed.decision is None or not assessed.is_due:
        return Attempt(assessed)
    decision, late = assessed.decision, dict[str, Hold]()
    validate.check(decision.plan.changes)

    def forbid(change: Change) -> str:
        """Say that a window has closed. What is begun is finished, so later parts are not asked for."""
        if change.later or Severity.SECURITY in severities.get(change.address, ()):
            return ""
        for hold in closed(rules, Severity.CONFIGURATION):
            late[change.key] = hold
            return hold.words
        return ""

    severities: dict[object, set[Severity]] = {}
    for differences in decision.corrected.values():
        for d in differences:
            severities.setdefault(d.address, set()).add(d.severity)
    outcome = make_changes(session, decision.plan, forbid)
    at = session.date().isoformat(timespec="seconds")
    corrections, held = describe_corrections(decision, outcome, late, at)
    return Attempt(assessed, corrections, held, outcome.stopped)


def conclude(session: Session, rules: Rules, made: Attempt) -> Corrected:
    """Look at what is there afterwards. AWS may still tell for a moment what was put right."""
    done = {c.key for c in made.corrections if c.ended is Ended.DONE}
    ends = session.clock.now() + SEEN_WITHIN
    assessed = assess(replace(session, reads=session.reads.fresh()), rules)
    while done & {d.key for d in assessed.report.drift} and session.clock.now() < ends and not made.stopped:
        session.clock.rest(BETWEEN_LOOKS)
        assessed = assess(replace(session, reads=session.reads.fresh()), rules)
    found = describe_left(assessed.report, assessed.decision, made.late, made.corrections)
    return replace(found, stopped=made.stopped)


def correct_drift(
    target: Target,
    rules: Rules,
    writing: Writing,
    make_changes: MakeChanges,
    notify: Callable[[str], object] = lambda _words: None,
) -> Corrected:
    """Correct what may be now, while the lease is held, and report what is there after it is given back.

    Where another run holds the lease, all waits for that. Raises `ReadFailed`, `RunRefused`, `LoadError`.
    """
    try:
        with open_session(target, writing, notify=notify) as session:
            made = attempt(session, rules_of_file(session, rules), make_changes)
    except LeaseHeld as error:
        first = str(error).splitlines()[0]
        with open_session(target, notify=notify) as session:
            return assess(session, rules_of_file(session, rules)).waiting(Hold(Reason.LEASE, first))
    if not made.corrections and not made.late:
        return made.assessed.ended()
    with open_session(target, notify=notify) as session:
        return conclude(session, rules_of_file(session, rules), made)
