"""What a round changed, in lines for a log: a round that finds what the one before found says nothing."""

from collections.abc import Iterator

from reconciler.model.correction import Ended, Reason
from reconciler.model.drift import Attribution, DriftReport, Known
from reconciler.render.drift_words import describe
from reconciler.watch.status import StackStatus, find_new_corrections

TOLD_OTHERWISE = (Reason.CONTESTED, Reason.APPLY)


def tell_news(before: StackStatus, after: StackStatus) -> Iterator[str]:
    """Yield what is new since the status before."""
    yield from _failures(before, after)
    yield from _differences(before.report, after.report)
    yield from _corrections(before, after)
    yield from _waiting(before, after)
    for key in sorted({c.key for c in after.contested} - {c.key for c in before.contested}):
        contested = next(c for c in after.contested if c.key == key)
        by = f" by {contested.by}" if contested.by else ""
        yield f"contested: {key} was corrected {contested.times} times, and changed again{by}"
    if after.paused != before.paused:
        yield f"nothing is corrected: {after.paused}" if after.paused else "corrections go on"


def _failures(before: StackStatus, after: StackStatus) -> Iterator[str]:
    if after.file_error != before.file_error:
        broken = f"the file is broken, the last good one is used: {after.file_error}"
        yield _on_one_line(broken) if after.file_error else "the file is right again"
    if after.failures and after.last and (not before.last or after.last.error != before.last.error):
        yield _on_one_line(f"failed: {after.last.error}")
    if before.failures and not after.failures:
        rounds = "a round" if before.failures == 1 else f"{before.failures} rounds"
        yield f"well again, after {rounds} that failed"


def _on_one_line(text: str) -> str:
    return " ".join(text.split())


def _differences(before: DriftReport | None, after: DriftReport | None) -> Iterator[str]:
    """Yield what appeared and what is gone. The first round says how much there is, and no more."""
    if after is None or after is before:
        return
    if before is None:
        beside = f"; {len(after.not_applied)} not applied yet" if after.not_applied else ""
        worst = f": {len(after.drift)}, the worst: {after.drift[0].severity}" if after.drift else ""
        yield f"{'drift' if worst else 'no drift'}{worst}{beside}"
        return
    known, there = {d.key: d for d in before.drift}, {d.key: d for d in after.drift}
    for key, difference in there.items():
        if key not in known or known[key].live != difference.live:
            words = f"{difference.address}: {describe(difference)} ({difference.severity})"
            yield _on_one_line(f"drift: {words}{_by(after.who.get(key))}")
        elif _is_found(after.who.get(key)) and not _is_found(before.who.get(key)):
            yield f"drift: {key}{_by(after.who.get(key))}"
    for key in known.keys() - there.keys():
        yield f"gone: {key}"


def _is_found(who: Attribution | None) -> bool:
    return who is not None and who.known is Known.FOUND


def _by(who: Attribution | None) -> str:
    return f", by {who.actor} at {who.at}" if who and who.known is Known.FOUND else ""


def _corrections(before: StackStatus, after: StackStatus) -> Iterator[str]:
    for correction in reversed(find_new_corrections(before, after)):
        failed = f": {correction.words}" if correction.ended is not Ended.DONE else ""
        who = after.report.who.get(correction.key) if after.report else None
        changed = f" (changed{_by(who).lstrip(',')})" if _is_found(who) else ""
        yield _on_one_line(f"{correction.ended}: {correction.key}{changed}{failed}")


def _waiting(before: StackStatus, after: StackStatus) -> Iterator[str]:
    """Yield what waits since this round. What is contested or waits for an apply has a line of its own."""
    waited = {(w.key, w.reason) for w in before.waiting}
    for waiting in after.waiting:
        if waiting.reason not in TOLD_OTHERWISE and (waiting.key, waiting.reason) not in waited:
            yield f"not corrected: {waiting.key}: {waiting.words}"
