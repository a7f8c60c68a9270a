"""One round of a stack that is watched: look, say who, correct, tell, and remember. It raises nothing."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from time import monotonic

import structlog
from botocore.exceptions import BotoCoreError, ClientError

from desired_state.mistakes import LoadError
from reconciler.drift import find_drift
from reconciler.errors import ReconcilerError
from reconciler.model.correction import Correction, Ended, Waiting
from reconciler.model.drift import Attribution, Difference, DriftReport, Known
from reconciler.run import open_session
from reconciler.session import Session
from reconciler.target import Target
from reconciler.watch.contested import Contest, remember_corrections, remember_round
from reconciler.watch.memory import Memory, Remembered
from reconciler.watch.remembering import read_memory, write_memory
from reconciler.watch.status import CORRECTIONS_KEPT, ROUNDS_KEPT, Round, RoundOutcome, StackStatus, outcome_of
from reconciler.watch.watched import FILE_CHANGED, Watched

log = structlog.get_logger()

SETTLED = frozenset({Known.FOUND, Known.NOT_FOUND, Known.TOO_OLD, Known.NOT_ALLOWED})  # not asked again
FAILURES = (LoadError, ReconcilerError, ClientError, BotoCoreError)
Who = Mapping[str, Attribution]  # by `Difference.key`


@dataclass(frozen=True)
class Corrected:
    """What became of a report's drift: see `reconciler.drift.correction`."""

    report: DriftReport  # of what is there afterwards
    corrections: tuple[Correction, ...] = ()
    waiting: tuple[Waiting, ...] = ()


@dataclass(frozen=True)
class Doing:
    """What a round does beside looking."""

    attribute: Callable[[Session, Sequence[Difference]], Who] = lambda _session, _new: {}
    """Ask who made these differences."""
    correct: Callable[[Target, DriftReport, Callable[[Difference], str]], Corrected] | None = None
    """Correct what a report found, but for what is held: a function tells why, or gives an empty text."""
    tell: Callable[[StackStatus, Memory, DriftReport], Memory] = lambda _status, memory, _report: memory
    """Notify people, and return the memory with who was told of what."""
    date: Callable[[], datetime] = lambda: datetime.now(UTC)


@dataclass
class _Looked:
    """What a round found."""

    report: DriftReport
    memory: Memory
    corrections: tuple[Correction, ...] = ()
    waiting: tuple[Waiting, ...] = ()
    attributed: dict[str, Attribution] = field(default_factory=dict)


def make_round(watched: Watched, doing: Doing, why: str = "") -> StackStatus:
    """Make a round, and return the status of the stack after it, which `watched` has too."""
    at, begun, before = format_time(doing.date()), monotonic(), watched.status
    if why == FILE_CHANGED:  # what failed may have been the file's
        before = replace(before, failures=0)
    try:
        target = watched.connect()
        found = _look(watched, target, doing)
    except FAILURES as error:
        ended = Round(at, monotonic() - begun, RoundOutcome.FAILED, error=str(error), woken_by=why)
        after = replace(before, failures=before.failures + 1)
    else:
        ended = _describe(at, monotonic() - begun, found, why)
        after = _with_found(before, found, Contest(found.memory, doing.date(), before.every), at)
    stack = watched.file.good.stack if watched.file.good else before.stack
    rounds = (ended, *before.rounds)[:ROUNDS_KEPT]
    watched.status = replace(after, stack=stack, file_error=watched.file.error, rounds=rounds)
    return watched.status


def _look(watched: Watched, target: Target, doing: Doing) -> _Looked:
    """Look, correct what may be, and remember. Raises what AWS or the file make it raise."""
    with open_session(target, notify=log.info) as session:
        report = find_drift(session)
        memory = watched.memory or read_memory(session.reads.aws, session.reads.stack.name)
        memory = remember_round(memory, report.drift, report.digest)
        known = _known_authors(watched.status, report)
        who = known | dict(doing.attribute(session, [d for d in report.drift if d.key not in known]))
        found = _Looked(replace(report, who=who), memory)
        aws, stack = session.reads.aws, session.reads.stack.name
    if doing.correct:
        _correct(found, target, doing, watched.status.every)
    found.memory = _remember_known(found.memory, found.report)
    found.memory = doing.tell(watched.status, found.memory, found.report)
    if found.memory != watched.memory:
        write_memory(aws, stack, found.memory)
    watched.memory = found.memory
    return found


def _known_authors(status: StackStatus, report: DriftReport) -> dict[str, Attribution]:
    """Return who made the differences that were there before with the same value, as far as that is settled."""
    if status.report is None:
        return {}
    before = {d.key: d.live for d in status.report.drift}
    same = (d.key for d in report.drift if before.get(d.key, d) == d.live)
    return {key: who for key in same if (who := status.report.who.get(key)) and who.known in SETTLED}


def _correct(found: _Looked, target: Target, doing: Doing, every: float) -> None:
    contest = Contest(found.memory, doing.date(), every)

    def hold(difference: Difference) -> str:
        at = contest.next_at(difference.key)
        return f"it comes back after each correction: tried again at {at:%H:%M} UTC" if at else ""

    if doing.correct and found.report.drift and not found.report.obstacle:
        by_key = {d.key: d for d in found.report.drift}
        ended = doing.correct(target, found.report, hold)
        done = [by_key[c.key] for c in ended.corrections if c.ended is Ended.DONE and c.key in by_key]
        found.memory = remember_corrections(found.memory, done, found.report.who, format_time(doing.date()))
        found.report = replace(ended.report, who=found.report.who)
        found.corrections, found.waiting = ended.corrections, ended.waiting


def _remember_known(memory: Memory, report: DriftReport) -> Memory:
    """Return the memory of what is there now, and since when."""
    known = {
        d.key: replace(memory.known.get(d.key, Remembered(report.at, d.severity)), severity=d.severity)
        for d in report.drift
    }
    return replace(memory, known=known, rounds=True)


def _describe(at: str, seconds: float, found: _Looked, why: str) -> Round:
    """Describe a round that has ended."""
    failed = next((c.words for c in found.corrections if c.ended is Ended.FAILED), "")
    outcome = RoundOutcome.FAILED if failed else outcome_of(found.report)
    severities = [d.severity for d in found.report.drift]
    counts = {severity: severities.count(severity) for severity in severities}
    done = sum(c.ended is Ended.DONE for c in found.corrections)
    return Round(at, seconds, outcome, counts, done, failed, why)


def _with_found(before: StackStatus, found: _Looked, contest: Contest, at: str) -> StackStatus:
    return replace(
        before,
        failures=0,
        last_good=at,
        report=found.report,
        paused=found.report.obstacle if before.corrects != "none" else "",
        since={key: known.since for key, known in found.memory.known.items()},
        corrections=(*reversed(found.corrections), *before.corrections)[:CORRECTIONS_KEPT],
        contested=contest.find(found.report.drift),
        waiting=found.waiting,
    )


def format_time(at: datetime) -> str:
    """Return a moment as in 2026-11-27T22:14:03+00:00."""
    return at.isoformat(timespec="seconds")
