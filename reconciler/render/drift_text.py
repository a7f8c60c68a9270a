"""A drift report as text, for a person who has to decide quickly. Deterministic: tests compare it whole."""

from collections.abc import Iterable, Iterator, Sequence

from reconciler.model.correction import Corrected
from reconciler.model.drift import Difference, DriftReport, Remark, Severity, Status
from reconciler.render.alike import Section, fold_alike, format_others
from reconciler.render.drift_corrections import format_corrections, summarize_corrections
from reconciler.render.drift_words import (
    common_reason,
    describe,
    describe_attribution,
    group,
    headline,
    readable,
    with_status,
)
from reconciler.render.hostile import on_one_line
from reconciler.render.not_in_file import format_not_in_file
from reconciler.render.values import short_id

SIGNS = {
    Severity.SECURITY: "✗",
    Severity.AVAILABILITY: "‖",
    Severity.CONFIGURATION: "~",
    Severity.TAGS: "~",
}  # which a terminal colours
WIDTH = max(map(len, Severity))


def drift_text(report: DriftReport, ended: Corrected | None = None, *, show_values: bool = False) -> str:
    """Return the report: the headline, the differences under their headings, and what is told beside them."""
    lines = [f"Drift of {report.scope}, as read at {readable(report.at)}", headline(report)]
    lines += (
        [f"Nothing is corrected: {on_one_line(report.obstacle)}."]
        if report.obstacle and not report.clean
        else []
    )
    if ended and (ended.corrections or ended.waiting or ended.stopped):
        lines.append(summarize_corrections(ended))
        lines += [f"    {line}" for line in format_corrections(ended, on_one_line)]
    if (reason := common_reason(report)) and reason != report.obstacle:
        lines.append(f"Not corrected, unless another reason is told: {on_one_line(reason)}.")
    lines.append("")
    lines += _format_groups(report, report.drift, show_values=show_values)
    lines += _format_remarks("Dangerous, though the file does not speak of it:", report.dangerous)
    lines += _format_not_compared(report)
    for title, status in (
        ("Not applied yet: an apply of this file would change", Status.NOT_APPLIED),
        ("Ignored, as the file says:", Status.IGNORED),
    ):
        lines += _format_listed(title, with_status(report, status), show_values=show_values)
    lines += _format_remarks("Of others, in or on what is this stack's; left alone:", report.foreign)
    lines += _format_remarks("To know:", report.remarks)
    lines += map(on_one_line, format_not_in_file(report.not_in_file, show_values=show_values))
    return "\n".join(lines).rstrip() + "\n"


def _format_groups(
    report: DriftReport, differences: Iterable[Difference], *, show_values: bool
) -> Iterator[str]:
    sections = []
    for title, resources in group(differences).items():
        found = [d for several in resources.values() for d in several]
        lines = tuple(_format_group(report, found, show_values=show_values))
        ids = tuple(short_id(d.id) for d in found if d.id)
        sections.append(Section(title, lines, found[0].service or "", ids))
    for section, others in fold_alike(sections):
        yield from (section.heading, *section.lines, "")
        if others:
            yield from (*format_others(others), "")


def _format_group(report: DriftReport, found: Sequence[Difference], *, show_values: bool) -> Iterator[str]:
    address, reason = None, common_reason(report)
    for d in found:
        if d.address != address:
            address = d.address
            yield f"  {on_one_line(str(address))}"
        yield f"    {SIGNS[d.severity]} {d.severity:{WIDTH}}  {on_one_line(describe(d, show_values=show_values))}"
        indent = " " * (8 + WIDTH)
        if who := report.who.get(d.key):
            yield indent + on_one_line(describe_attribution(who))
        if d.held and d.held != reason:
            yield f"{indent}not corrected: {on_one_line(d.held)}"


def _format_listed(title: str, found: Sequence[Difference], *, show_values: bool) -> Iterator[str]:
    if found:
        yield title
        for d in found:
            said = describe(d, show_values=show_values)
            yield f"    {on_one_line(str(d.address))}: {on_one_line(said)}   ({d.severity})"
        yield ""


def _format_remarks(title: str, remarks: Sequence[Remark]) -> Iterator[str]:
    if remarks:
        yield title
        for remark in sorted(remarks, key=lambda remark: remark.severity.rank):
            bad = f"   ({remark.severity})" if remark.severity is not Severity.CONFIGURATION else ""
            yield (
                f"    {on_one_line(remark.what)}: {on_one_line(remark.words)}{bad}"
                if remark.what
                else f"    {on_one_line(remark.words)}{bad}"
            )
        yield ""


def _format_not_compared(report: DriftReport) -> Iterator[str]:
    if report.not_compared:
        yield "Not compared, so that nothing is known of it:"
        yield from (f"    ? {on_one_line(each.what)}: {on_one_line(each.why)}" for each in report.not_compared)
        yield ""
