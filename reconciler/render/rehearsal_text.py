"""A rehearsal as text for people: timelines, critical paths, durations and problems."""

from collections.abc import Iterator

from reconciler.apply.events import EventKind
from reconciler.render.plan_summary import OP_SIGNS
from reconciler.render.rehearsal import ACTS, Rehearsal, RehearsedRun
from reconciler.render.timeline import Span, find_critical_path
from reconciler.render.values import format_duration, format_step, indent_continuation

RESULT_MARKS = {EventKind.DONE: " ", EventKind.FAILED: "✗", EventKind.HELD: "‖", None: "…"}
LONGEST_REASON = 90  # characters of what AWS said, on a line


def rehearsal_text(done: Rehearsal, *, calls: bool = False, show_values: bool = False) -> str:
    """Return both timelines, notes, problems and a verdict.

    `calls` adds every AWS call with its time; `show_values` shows secrets in them.
    """
    lines = [
        f"Rehearsal of {done.stack}, on a private embedded AWS, empty but for what the file says is there.",
        "Its durations are those that were seen on AWS, or else estimates: docs/sandbox.md lists them.",
        "",
        *_format_timeline("apply", done.apply),
        *(_format_timeline("destroy", done.destroy) if done.destroy else ()),
        *(_format_calls(done, show_values=show_values) if calls else ()),
        *(f"? {note}" for note in done.notes),
        *(f"✗ {indent_continuation(problem)}" for problem in done.problems),
        _format_verdict(done),
    ]
    return "\n".join(lines) + "\n"


def _format_timeline(act: str, run: RehearsedRun) -> Iterator[str]:
    if not run.spans:
        return
    yield act
    width = max(len(span.change.label) for span in run.spans)
    for span in sorted(run.spans, key=lambda span: (span.begin, span.end)):
        sign, mark = OP_SIGNS[span.change.op], RESULT_MARKS[span.how]
        times = f"{format_clock(span.begin)} {format_clock(span.end)}"
        yield f"{mark} {times}  {sign} {span.change.label:{width}}  {_format_reasons(span)}".rstrip()
    yield "  critical path:"
    for leg in find_critical_path(run.spans):
        times = f"{format_clock(leg.span.begin)} {format_clock(leg.until)}"
        yield f"    {times}  {leg.span.change.label}  {_format_longest_wait(leg.span)}".rstrip()
    yield f"  on AWS: about {format_duration(run.seconds)}"
    yield ""


def _format_reasons(span: Span) -> str:
    """Format what a change waited for as `after X; 40 s: 0 of 2 tasks running`; empty if it did not wait."""
    after = f"after {span.after.partition('#')[0]}" if span.after else ""
    return "; ".join(filter(None, (after, _format_longest_wait(span))))


def _format_longest_wait(span: Span) -> str:
    """Format the longest wait as `40 s: provisioning`; empty if it is shorter than one second."""
    text, seconds = next(iter(span.waits), ("", 0.0))
    reason = text.partition("\n")[0] or "not yet"
    reason = reason if len(reason) <= LONGEST_REASON else reason[: LONGEST_REASON - 1] + "…"
    return f"{seconds:.0f} s: {reason}" if seconds >= 1 else ""


def _format_calls(done: Rehearsal, *, show_values: bool) -> Iterator[str]:
    for act in ACTS:
        if made := [recorded for recorded in done.calls if recorded.act == act]:
            yield f"{act}: {len(made)} AWS calls"
            for recorded in made:
                step = format_step(recorded.call, show_values=show_values)
                yield f"  {format_clock(recorded.at)}  {step}"
            yield ""


def _format_verdict(done: Rehearsal) -> str:
    if done.problems:
        return f"This would fail: {len(done.problems)} problem{'s' * (len(done.problems) > 1)}."
    destroy = f", and go in about {format_duration(done.destroy.seconds)}" if done.destroy else ""
    return f"It would come up in about {format_duration(done.apply.seconds)}{destroy}. A second plan finds nothing to do."


def format_clock(seconds: float) -> str:
    """Format seconds as minutes and seconds: ` 3:07.5`."""
    tenths = round(seconds * 10)
    return f"{tenths // 600:2}:{tenths % 600 / 10:04.1f}"
