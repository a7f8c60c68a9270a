"""What a round found, and the status of its stack afterwards."""

from dataclasses import dataclass, replace

from reconciler.model.correction import Correction, Ended, Waiting
from reconciler.model.drift import DriftReport
from reconciler.watch.contested import Contest
from reconciler.watch.memory import Memory, Remembered
from reconciler.watch.status import CORRECTIONS_KEPT, Round, RoundOutcome, StackStatus, outcome_of


@dataclass
class Found:
    """What a round found."""

    report: DriftReport
    memory: Memory
    corrections: tuple[Correction, ...] = ()
    waiting: tuple[Waiting, ...] = ()


def remember_known(memory: Memory, report: DriftReport) -> Memory:
    """Return the memory of what is there now, and since when."""
    known = {
        d.key: replace(memory.known.get(d.key, Remembered(report.at, d.severity)), severity=d.severity)
        for d in report.drift
    }
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
