"""What a report tells beside the drift: each kind under its heading, folded if it asks for nothing."""

from collections.abc import Iterator, Mapping, Sequence

from reconciler.model.aws_default import NotInFile
from reconciler.model.correction import Correction, Ended, Waiting
from reconciler.model.drift import Attribution, DriftReport, NotCompared, Remark, Severity, Status
from reconciler.render.html.authors import author
from reconciler.render.html.differences import Beside, Note, list_resources, show_note
from reconciler.render.html.markup import Child, Html, element
from reconciler.render.redaction import redact_field
from reconciler.render.values import format_value

MOST = 200  # lines of one kind on a page
NOTES = {Ended.DONE: "corrected", Ended.FAILED: "failed", Ended.STOPPED: "stopped"}


def list_asides(report: DriftReport, beside: Beside) -> Iterator[Html]:
    """Yield what asks for a person first: not compared, dangerous, foreign; then what is only told."""
    yield from _fold("Not compared", [*map(_not_compared, report.not_compared)], is_open=True)
    yield from _fold("Dangerous, and not in the file", [*map(_remark, report.dangerous)], is_open=True)
    yield from _fold("Foreign, inside of what is ours", [*map(_remark, report.foreign)], is_open=True)
    yield from _fold("Remarks", [*map(_remark, report.remarks)], is_open=True)
    for title, status in (("Not applied yet", Status.NOT_APPLIED), ("Ignored", Status.IGNORED)):
        if found := [d for d in report.differences if d.status is status]:
            yield _folded(title, len(found), list_resources(found, beside), is_open=False)
    yield from _fold("Left open by the file", [*map(_not_in_file, report.not_in_file)], is_open=False)


def list_corrections(corrections: Sequence[Correction], who: Mapping[str, Attribution]) -> Iterator[Html]:
    """Yield what was put right, or should have been, and who had made it, by `Difference.key`."""
    failed = any(c.ended is not Ended.DONE for c in corrections)
    yield from _fold("Corrections", [_correction(c, who.get(c.key)) for c in corrections], is_open=failed)


def list_waiting(waiting: Sequence[Waiting]) -> Iterator[Html]:
    """Yield the corrections that wait, and for what."""
    yield from _fold("Corrections that wait", [*map(_waiting, waiting)], is_open=True)


def _fold(title: str, lines: Sequence[Html], *, is_open: bool) -> Iterator[Html]:
    if lines:
        more = len(lines) - MOST
        rest = element("li", f"and {more:,} more") if more > 0 else None
        yield _folded(title, len(lines), element("ul", lines[:MOST], rest, class_="lines"), is_open=is_open)


def _folded(title: str, number: int, content: Html, *, is_open: bool) -> Html:
    count = element("span", f"{number:,}", class_="count")
    summary = element("summary", element("h3", title, " ", count))
    return element("details", summary, content, class_="aside", data_key=title, open=is_open)


def _line(severity: Severity | None, what: str, *words: Child) -> Html:
    mark = element("span", severity.value, class_=f"label {severity}") if severity else None
    return element("li", element("p", mark, element("code", what)), element("div", words, class_="words"))


def _not_compared(found: NotCompared) -> Html:
    return _line(None, found.what, element("p", found.why))


def _remark(found: Remark) -> Html:
    return _line(found.severity, found.what, element("p", found.words))


def _not_in_file(found: NotInFile) -> Html:
    live = format_value(redact_field(found.field, found.live))
    key = (" (to set it: ", element("code", found.key), ")") if found.key else None
    is_there = element("code", live), ", by default ", element("code", format_value(found.default or None))
    return _line(None, f"{found.address}.{found.field}", element("p", "is ", is_there, key))


def _correction(found: Correction, who: Attribution | None) -> Html:
    note = show_note(Note(NOTES[found.ended], found.words, found.at))
    return _line(found.severity, found.key, author(who) if who else None, note)


def _waiting(found: Waiting) -> Html:
    return _line(found.severity, found.key, show_note(Note("waiting", found.words, found.until)))
