"""What became of each difference: corrected, failed, or left, and why. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from reconciler.aws.errors import message
from reconciler.drift.correction_plan import Decision
from reconciler.drift.correction_rules import Hold
from reconciler.model.correction import Corrected, Correction, Ended, Reason
from reconciler.model.drift import Difference, DriftReport, Finding, Status
from reconciler.model.plan import Change, Outcome

DONE = {Finding.CHANGED: "put right", Finding.MISSING: "made again", Finding.ORPHANED: "deleted"}
FAILED = "its correction failed"
STILL_THERE = "it was corrected, and is there again or still"
STOPPED = "somebody asked to stop"


def describe_corrections(
    decision: Decision, outcome: Outcome, closed: Mapping[str, Hold], at: str
) -> tuple[tuple[Correction, ...], dict[str, Hold]]:
    """Return how the corrections that were begun ended, and why the others were not begun."""
    corrections, held = list[Correction](), dict[str, Hold]()
    by_key = {change.key: change for change in decision.plan.changes}
    for last, differences in decision.corrected.items():
        keys = [key for key, change in by_key.items() if _is_of(change, by_key[last])]
        for d in differences:
            found = _end(d, keys, outcome, closed, at)
            if isinstance(found, Correction):
                corrections.append(found)
            else:
                held[d.key] = found
    return tuple(corrections), held


def _is_of(change: Change, last: Change) -> bool:
    """Tell whether a change is a part of what another one ends, and no clean-up after it."""
    if change.is_clean_up:
        return change.key == last.key
    return change.key == last.key or (change.want is not None and change.address == last.address)


def _end(
    d: Difference, keys: Sequence[str], outcome: Outcome, closed: Mapping[str, Hold], at: str
) -> Correction | Hold:
    for key in keys:
        if error := outcome.failed.get(key):
            return Correction(d.key, d.severity, at, Ended.FAILED, message(error))
        if key in outcome.interrupted:
            return Correction(d.key, d.severity, at, Ended.STOPPED, STOPPED)
    for key in keys:
        if found := outcome.held.get(key):
            cause = closed.get(key) or closed.get(found.cause or "")
            remedy = f"; {found.remedy}" if found.remedy else ""
            return cause or Hold(Reason.OTHER, f"{found.why}{remedy}")
        if key in outcome.skipped:
            first = outcome.skipped[key]
            return Hold(Reason.OTHER, f"it waits for {first}, which failed" if first else STOPPED)
    return Correction(d.key, d.severity, at, Ended.DONE, DONE[d.finding])


def describe_left(
    report: DriftReport,
    decision: Decision | None,
    held: Mapping[str, Hold],
    corrections: Iterable[Correction],
) -> Corrected:
    """Return the report with the reason of each difference that is left, given what is known of some."""
    corrections = tuple(corrections)
    failed = {c.key for c in corrections if c.ended is not Ended.DONE}
    done = {c.key for c in corrections} - failed
    reasons: dict[str, Hold] = dict(decision.held) if decision else {}
    if decision is None:
        reasons = {d.key: Hold(Reason.APPLY, report.obstacle) for d in report.drift}
    reasons = {key: hold for key, hold in {**reasons, **held}.items() if key not in failed}
    told = dict.fromkeys(done, STILL_THERE) | {key: hold.words for key, hold in reasons.items()}
    told |= dict.fromkeys(failed, FAILED)
    differences = tuple(
        replace(d, held=told.get(d.key, d.held)) if d.status is Status.DRIFT else d for d in report.differences
    )
    after = replace(report, differences=differences)
    waiting = tuple(reasons[d.key].waiting(d) for d in after.drift if d.key in reasons)
    return Corrected(after, corrections, waiting)
