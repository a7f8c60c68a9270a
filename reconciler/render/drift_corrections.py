"""What was corrected and what waits, as lines of text or Markdown, and for the JSON document."""

from collections.abc import Callable, Iterator
from dataclasses import asdict
from typing import Any

from reconciler.model.correction import Corrected, Correction, Ended
from reconciler.model.drift import Attribution, Known
from reconciler.render.drift_words import describe_attribution, readable

SIGNS = {Ended.DONE: "✓", Ended.FAILED: "✗", Ended.STOPPED: "‖"}


def format_corrections(ended: Corrected, safe: Callable[[str], str]) -> Iterator[str]:
    """Yield a line for each correction, what failed first, with texts of others made `safe`.

    Behind it stands who had made the difference, if that was asked and is known.
    """
    for found in sorted(ended.corrections, key=lambda c: (c.ended is Ended.DONE, c.severity.rank, c.key)):
        made = safe(_describe_maker(ended.report.who.get(found.key)))
        yield f"{SIGNS[found.ended]} {safe(found.key)}: {safe(_words(found))} ({found.severity}){made}"


def _describe_maker(who: Attribution | None) -> str:
    """Say who had made the difference, or had touched it last."""
    if who is None or who.known is not Known.FOUND:
        return ""
    return f"; {'it was made ' if who.exact else ''}{describe_attribution(who)}"


def _words(found: Correction) -> str:
    if found.ended is Ended.DONE:
        return found.words or found.ended
    return f"{found.ended}: {found.words}" if found.words else found.ended


def summarize_corrections(ended: Corrected) -> str:
    """Say in a sentence what became of the drift: `3 corrected; 1 waits, until 2026-11-30 07:00:00 UTC.`"""
    done = sum(c.ended is Ended.DONE for c in ended.corrections)
    failed = sum(c.ended is Ended.FAILED for c in ended.corrections)
    stopped = sum(c.ended is Ended.STOPPED for c in ended.corrections)
    parts = [f"{done:,} corrected"]
    parts += [f"{failed:,} failed"] if failed else []
    parts += [f"{stopped:,} stopped" if stopped else "stopped"] if ended.stopped or stopped else []
    tried = {c.key for c in ended.corrections if c.ended is not Ended.DONE}
    if left := sum(d.key not in tried for d in ended.report.drift):
        first = min((w.until for w in ended.waiting if w.until), default="")
        until = f", the first until {readable(first)}" if first else ""
        parts.append(f"{left:,} left{until}")
    return f"{'; '.join(parts)}."


def corrections_document(ended: Corrected | None) -> dict[str, Any]:
    """Return the part of the JSON document; nothing if nothing was to be corrected."""
    if ended is None:
        return {}
    waiting = [{**asdict(found), "until": found.until or None} for found in ended.waiting]
    return {
        "corrections": [asdict(c) | _who(ended.report.who.get(c.key)) for c in ended.corrections],
        "waiting": waiting,
        "stopped": ended.stopped,
    }


def _who(found: Attribution | None) -> dict[str, Any]:
    return {"who": asdict(found)} if found else {}
