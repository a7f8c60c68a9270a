"""What a round found, and the status of its stack afterwards."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from reconciler.model.correction import Corrected, Correction, Ended, Waiting
from reconciler.model.drift import Difference, DriftReport
from reconciler.watch.contested import Contest, remember_corrections
from reconciler.watch.memory import Memory, Remembered
from reconciler.watch.status import CORRECTIONS_KEPT, Round, RoundOutcome, StackStatus, outcome_of


@dataclass(frozen=True)
class Found:
    """What a round found."""

    report: DriftReport
    memory: Memory
    corrections: tuple[Correction, ...] = ()
    waiting: tuple[Waiting, ...] = ()


def make_hold(contest: Contest) -> Callable[[Difference], str]:
    """Return the function that says why a difference is left alone for now; an empty text: it is not."""

    def hold(difference: Difference) -> str:
        at = contest.next_at(difference)
        return f"it comes back after each correction: tried again at {at:%H:%M} UTC" if at else ""

    return hold


def with_corrected(found: Found, ended: Corrected, at: str) -> Found:
    """Return what was found with what was corrected of it, and the memory of that."""
    who, before = found.report.who, {d.key: d for d in found.report.drift}
    done = [before[c.key] for c in ended.corrections if c.ended is Ended.DONE and c.key in before]
    memory = remember_corrections(found.memory, done, who, at)
    return Found(replace(ended.report, who=who), memory, ended.corrections, ended.waiting)


def remember_known(memory: Memory, report: DriftReport) -> Memory:
    """Return the memory of what is there now, and since when."""
    known = {
        d.key: replace(memory.known.get(d.key, Remembered(report.at, d.severity)), severity=d.severity)
        for d in report.drift
    }
    if report.not_compared:  # what was not compared may still be there
        known = {**memory.known, **known}
    return replace(memory, known=known, rounds=True)


def describe_round(at: str, seconds: float, found: Found, why: str) -> Round:
    """Describe a round that has ended."""
    failed = next((c.words for c in found.corrections if c.ended is Ended.FAILED), "")
    outcome = RoundOutcome.FAILED if failed else outcome_of(found.report)
    severities = [d.severity for d in found.report.drift]
    counts = {severity: severities.count(severity) for severity in severities}
    done = sum(c.ended is Ended.DONE for c in found.corrections)
    return Round(at, seconds, outcome, counts, done, failed, why)


def with_found(before: StackStatus, found: Found, contest: Contest, at: str) -> StackStatus:
    """Return the status after a good round that began at this time."""
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
