"""A rehearsal as a JSON document for programs. Times are in seconds on AWS."""

from reconciler.render.plan_json import Document
from reconciler.render.rehearsal import Rehearsal, RehearsedRun
from reconciler.render.timeline import Span, find_critical_path
from reconciler.render.values import format_step


def rehearsal_document(done: Rehearsal, *, calls: bool = False, show_values: bool = False) -> Document:
    """Return the problems, the notes, and the timelines of apply and destroy; `calls` adds every AWS call.

    Secrets in calls are hidden, unless `show_values` shows them.
    """
    made = [
        {"act": c.act, "at": c.at, "call": format_step(c.call, show_values=show_values)} for c in done.calls
    ]
    return {
        "stack": done.stack,
        "ok": not done.problems,
        "problems": list(done.problems),
        "notes": list(done.notes),
        "apply": _run(done.apply),
        "destroy": _run(done.destroy) if done.destroy else None,
    } | ({"calls": made} if calls else {})


def _run(run: RehearsedRun) -> Document:
    return {
        "seconds": round(run.seconds, 1),
        "timeline": [_span(span) for span in run.spans],
        "critical_path": [
            {"key": leg.span.change.key, "begin": round(leg.span.begin, 1), "until": round(leg.until, 1)}
            for leg in find_critical_path(run.spans)
        ],
    }


def _span(span: Span) -> Document:
    return {
        "key": span.change.key,
        "op": str(span.change.op),
        "begin": round(span.begin, 1),
        "freed": round(span.freed, 1),
        "end": round(span.end, 1),
        "how": str(span.how) if span.how else None,
        "after": span.after,
        "waits": [{"for": text, "seconds": round(seconds, 1)} for text, seconds in span.waits],
    }
