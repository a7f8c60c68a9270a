"""A drift report as Markdown, for a comment on a pull request or an issue."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate

from reconciler.model.correction import Corrected
from reconciler.model.drift import Difference, DriftReport, Remark, Status
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
from reconciler.render.hostile import for_markdown
from reconciler.render.plan_markdown import MOST

LEFT_OUT = "\n… {:,} more lines are left out, as a comment is too short for them; `drift` shows all.\n"


def drift_markdown(report: DriftReport, ended: Corrected | None = None, *, show_values: bool = False) -> str:
    """Return the stack, a headline, a table of what differs, the worst first, and what is told beside it."""
    lines = [f"### Drift of {for_markdown(str(report.scope))}", "", f"**{headline(report)}**", ""]
    lines += [f"Read at {readable(report.at)}."]
    lines += (
        [f"Nothing is corrected: {for_markdown(report.obstacle)}."]
        if report.obstacle and not report.clean
        else []
    )
    if (reason := common_reason(report)) and reason != report.obstacle:
        lines += ["", f"Not corrected, unless another reason is told: {for_markdown(reason)}."]
    if ended:
        lines += _format_list(summarize_corrections(ended).rstrip("."), format_corrections(ended, for_markdown))
    lines += _format_groups(report, show_values=show_values)
    lines += _format_list("Dangerous, though the file does not speak of it", _remarks(report.dangerous))
    lines += _format_list(
        "Not compared", (f"{for_markdown(n.what)}: {for_markdown(n.why)}" for n in report.not_compared)
    )
    for title, status in (("Not applied yet", Status.NOT_APPLIED), ("Ignored", Status.IGNORED)):
        found = with_status(report, status)
        lines += _format_list(title, (_in_one_line(d, show_values=show_values) for d in found))
    lines += _format_list("Of others, in or on what is this stack's", _remarks(report.foreign))
    lines += _format_list("To know", _remarks(report.remarks))
    return cut_end(lines)


def cut_end(lines: Sequence[str]) -> str:
    """Return the lines as one text, without those at the end that a comment has no room for, and say so."""
    text = "\n".join(lines) + "\n"
    if len(text) <= MOST:
        return text
    room = MOST - len(LEFT_OUT) - len(f"{len(lines):,}")
    fitting = sum(end <= room for end in accumulate(len(line) + 1 for line in lines))
    return "\n".join(lines[:fitting]) + "\n" + LEFT_OUT.format(len(lines) - fitting)


def _format_groups(report: DriftReport, *, show_values: bool) -> Iterator[str]:
    reason = common_reason(report)
    if report.drift:
        yield from ("", "| | severity | resource | what differs |", "|---|---|---|---|")
    for title, resources in group(report.drift).items():
        for address, found in resources.items():
            for d in found:
                said = [for_markdown(describe(d, show_values=show_values))]
                said += [for_markdown(describe_attribution(report.who[d.key]))] if d.key in report.who else []
                said += [f"not corrected: {for_markdown(d.held)}"] if d.held and d.held != reason else []
                yield f"| {for_markdown(title)} | **{d.severity}** | {for_markdown(str(address))} | {'<br>'.join(said)} |"


def _in_one_line(d: Difference, *, show_values: bool) -> str:
    said = describe(d, show_values=show_values)
    return f"{for_markdown(str(d.address))}: {for_markdown(said)} ({d.severity})"


def _remarks(remarks: Iterable[Remark]) -> Iterator[str]:
    for remark in sorted(remarks, key=lambda remark: remark.severity.rank):
        yield (
            f"{for_markdown(remark.what)}: {for_markdown(remark.words)}"
            if remark.what
            else for_markdown(remark.words)
        )


def _format_list(title: str, items: Iterable[str]) -> Iterator[str]:
    if listed := [f"- {item}" for item in items]:
        yield from ("", f"**{title}:**", "", *listed)
