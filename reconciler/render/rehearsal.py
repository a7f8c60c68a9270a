"""A rehearsal as text and as a JSON document."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from reconciler.apply.events import EventKind
from reconciler.model.plan import Outcome, Plan
from reconciler.model.steps import Call
from reconciler.render.summary import SIGNS
from reconciler.render.timeline import Span, critical_path
from reconciler.render.values import format_duration, plain, step_words

MARKS = {EventKind.DONE: " ", EventKind.FAILED: "✗", EventKind.HELD: "‖", None: "…"}
ACTS = ("apply", "plan", "destroy", "look")
LONGEST = 90  # characters of what AWS said, on a line


@dataclass(frozen=True)
class Called:
    """One call to AWS, and when, in seconds since its act began."""

    act: str  # apply, plan, destroy, look
    at: float
    call: Call


@dataclass(frozen=True)
class Performed:
    """How an apply or a destroy went."""

    todo: Plan
    outcome: Outcome
    spans: tuple[Span, ...]
    seconds: float  # on AWS, without the time that calls are on their way


@dataclass(frozen=True)
class Rehearsal:
    """All of it; `problems` says why the platform would not come up, stay or go."""

    stack: str
    apply: Performed
    destroy: Performed | None  # None: something is protected, as `notes` says
    problems: tuple[str, ...]
    notes: tuple[str, ...]
    calls: tuple[Called, ...]


def rehearsal_text(done: Rehearsal, *, calls: bool = False) -> str:
    """The timelines, what they hang on, how long it would take on AWS, and what went wrong."""
    lines = [
        f"Rehearsal of {done.stack}, on an empty, private embedded AWS with AWS's usual durations.",
        "",
        *_timeline("apply", done.apply),
        *(_timeline("destroy", done.destroy) if done.destroy else ()),
        *(_calls(done) if calls else ()),
        *(f"? {note}" for note in done.notes),
        *("✗ " + problem.replace("\n", "\n    ") for problem in done.problems),
        _verdict(done),
    ]
    return "\n".join(lines) + "\n"


def _timeline(act: str, done: Performed) -> Iterator[str]:
    if not done.spans:
        return
    yield act
    width = max(len(str(span.change.address)) for span in done.spans)
    for span in sorted(done.spans, key=lambda span: (span.begin, span.end)):
        sign, mark = SIGNS[span.change.op], MARKS[span.how]
        times = f"{clock(span.begin)} {clock(span.end)}"
        yield f"{mark} {times}  {sign} {span.change.address!s:{width}}  {_why(span)}".rstrip()
    yield "  critical path:"
    for leg in critical_path(done.spans):
        times = f"{clock(leg.span.begin)} {clock(leg.until)}"
        yield f"    {times}  {leg.span.change.address}  {_waited(leg.span)}".rstrip()
    yield f"  on AWS: about {format_duration(done.seconds)}"
    yield ""


def _why(span: Span) -> str:
    """`after X; 40 s: 0 of 2 tasks running`."""
    after = f"after {span.after.partition('#')[0]}" if span.after else ""
    return "; ".join(filter(None, (after, _waited(span))))


def _waited(span: Span) -> str:
    """The longest of its waits."""
    said, seconds = next(iter(span.waits), ("", 0.0))
    told = said.partition("\n")[0] or "not yet"
    told = told if len(told) <= LONGEST else told[: LONGEST - 1] + "…"
    return f"{seconds:.0f} s: {told}" if seconds >= 1 else ""


def _calls(done: Rehearsal) -> Iterator[str]:
    for act in ACTS:
        if made := [called for called in done.calls if called.act == act]:
            yield f"{act}: {len(made)} AWS calls"
            yield from (f"  {clock(called.at)}  {step_words(called.call)}" for called in made)
            yield ""


def _verdict(done: Rehearsal) -> str:
    if done.problems:
        return f"This would fail: {len(done.problems)} problem{'s' * (len(done.problems) > 1)}."
    gone = f", and go in about {format_duration(done.destroy.seconds)}" if done.destroy else ""
    return f"It would come up in about {format_duration(done.apply.seconds)}{gone}. A second plan finds nothing to do."


def clock(seconds: float) -> str:
    """Minutes and seconds: ` 3:07.5`."""
    tenths = round(seconds * 10)
    return f"{tenths // 600:2}:{tenths % 600 / 10:04.1f}"


def rehearsal_document(done: Rehearsal, *, calls: bool = False) -> dict[str, Any]:
    """The same for programs; seconds are those of AWS."""
    made = [{"act": c.act, "at": c.at, "call": step_words(c.call)} for c in done.calls]
    return {
        "stack": done.stack,
        "ok": not done.problems,
        "problems": list(done.problems),
        "notes": list(done.notes),
        "apply": _document(done.apply),
        "destroy": _document(done.destroy) if done.destroy else None,
    } | ({"calls": made} if calls else {})


def _document(done: Performed) -> dict[str, Any]:
    return {
        "seconds": round(done.seconds, 1),
        "timeline": [_span(span) for span in done.spans],
        "critical_path": [
            {"key": leg.span.change.key, "begin": round(leg.span.begin, 1), "until": round(leg.until, 1)}
            for leg in critical_path(done.spans)
        ],
    }


def _span(span: Span) -> dict[str, Any]:
    return {
        "key": span.change.key,
        "op": str(span.change.op),
        "begin": round(span.begin, 1),
        "freed": round(span.freed, 1),
        "end": round(span.end, 1),
        "how": str(span.how) if span.how else None,
        "after": span.after,
        "waits": [{"for": plain(said), "seconds": round(seconds, 1)} for said, seconds in span.waits],
    }
