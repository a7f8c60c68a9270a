"""A report of drift as one page, which a person can read, print and send on. It runs no script."""

from collections.abc import Iterator, Mapping, Sequence

from reconciler.model.correction import Correction, Waiting
from reconciler.model.drift import DriftReport
from reconciler.model.lease import Applied
from reconciler.render.drift_words import common_reason, count, headline
from reconciler.render.html.asides import NOTES, list_asides, list_corrections, list_waiting
from reconciler.render.html.differences import Beside, Note, list_by_severity
from reconciler.render.html.document import document, policy_in_page
from reconciler.render.html.markup import Child, Html, element
from reconciler.render.html.verdict import show_counts, state_of
from reconciler.render.html.when import moment

DIGITS = 12  # of a digest that are shown
NO_TIMES: Mapping[str, str] = {}


def drift_html(
    report: DriftReport,
    corrections: Sequence[Correction] = (),
    waiting: Sequence[Waiting] = (),
    since: Mapping[str, str] = NO_TIMES,
) -> str:
    """Return the page. `since` says when differences were first seen, by `Difference.key`."""
    state, words = state_of(report), headline(report)
    notes = notes_of(corrections, waiting)
    beside = Beside(report.who, since, notes, common_reason(report))
    body = (
        element("header", _header(report, state, words), class_="top"),
        element("main", *report_sections(report, beside, corrections, waiting), class_="report"),
        element("footer", element("p", *_origin(report))),
    )
    return document(f"Drift of {report.scope.stack}: {words}", state, policy_in_page(), body)


def notes_of(corrections: Sequence[Correction], waiting: Sequence[Waiting]) -> dict[str, list[Note]]:
    """Return what became of differences, by their keys; of several corrections of one, that of the first."""
    notes = {c.key: [Note(NOTES[c.ended], c.words, c.at)] for c in reversed(corrections)}
    for w in waiting:
        notes.setdefault(w.key, []).append(Note("waiting", w.words, w.until))
    return notes


def report_sections(
    report: DriftReport,
    beside: Beside,
    corrections: Sequence[Correction],
    waiting: Sequence[Waiting],
    told: str = "",
) -> Iterator[Html]:
    """Yield what a report and the corrections after it tell, that which asks for a person first.

    `told` is a reason why nothing is corrected that the page has told already.
    """
    yield from _reasons(report, told)
    yield from list_by_severity(report.drift, beside)
    shown = {d.key for d in report.drift}
    yield from list_waiting([w for w in waiting if w.key not in shown])
    yield from list_corrections(corrections, report.who)
    yield from list_asides(report, beside)


def _reasons(report: DriftReport, told: str) -> Iterator[Html]:
    reason = common_reason(report)
    if report.obstacle not in {"", told}:
        yield element("p", element("b", "Nothing is corrected: "), report.obstacle, class_="alert obstacle")
    if reason not in {"", told, report.obstacle}:
        title = "Not corrected, unless another reason is told: "
        yield element("p", element("b", title), reason, class_="alert obstacle")


def _header(report: DriftReport, state: str, words: str) -> Iterator[Html]:
    platform, _, rest = report.scope.stack.partition("/")
    yield element("p", "Drift report", class_="kicker")
    yield element("h1", platform, element("span", f"/{rest}" if rest else "", class_="rest"))
    yield element("p", words, class_=f"verdict {state}")
    yield show_counts(count(report))
    yield show_facts(
        (
            ("account", report.scope.account),
            ("region", report.scope.region),
            ("read", moment(report.at)),
            ("last applied", show_applied(report.applied)),
        )
    )


def show_facts(facts: Sequence[tuple[str, Child]]) -> Html:
    """Return names and values as a list; those without a value are left out."""
    rows = (element("div", element("dt", name), element("dd", value)) for name, value in facts if value)
    return element("dl", rows, class_="facts")


def show_applied(applied: Applied | None) -> Child:
    """Return when the file was last applied, and by whom."""
    if applied is None:
        return "not known"
    return moment(applied.at), " by ", element("code", applied.actor)


def _origin(report: DriftReport) -> Iterator[Child]:
    yield "Made by ecs-reconciler from the file of digest "
    yield element("code", report.digest[:DIGITS])
    yield ". It holds names of people and of resources, and no secrets."
