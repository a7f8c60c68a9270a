"""A drift report prepared for text, Markdown and HTML: differences by heading, counts, words for each."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from reconciler.model.differences import name_of
from reconciler.model.drift import Attribution, Difference, DriftReport, Finding, Known, Severity, Status
from reconciler.model.references import Address
from reconciler.render.headings import heading_of, rank
from reconciler.render.redaction import REFERENCES, mark_changed, redact_field
from reconciler.render.values import format_value, short_id

CLEAN = "No drift: all of it was compared, and is as the file says"
OFTEN = 3  # times that a reason is told beside differences; one of more stands above them all
Groups = Mapping[str, Mapping[Address, Sequence[Difference]]]


def group(differences: Iterable[Difference]) -> Groups:
    """Return differences by heading and by resource. What holds the worst comes first."""
    worst: dict[str, int] = {}
    found: dict[str, dict[Address, list[Difference]]] = {}
    for d in sorted(differences, key=lambda d: (d.severity.rank, d.address, d.id, d.path)):
        title = heading_of(d.address.kind, d.service)
        worst.setdefault(title, d.severity.rank)
        found.setdefault(title, {}).setdefault(d.address, []).append(d)
    return {title: found[title] for title in sorted(found, key=lambda title: (worst[title], rank(title)))}


def count(report: DriftReport) -> Counter[Severity]:
    """Return the number of differences that are drift, by severity; 0 where there is none."""
    found = Counter(d.severity for d in report.drift)
    return Counter({severity: found[severity] for severity in Severity})


def with_status(report: DriftReport, status: Status) -> list[Difference]:
    """Return the differences with this status."""
    return [d for d in report.differences if d.status is status]


def headline(report: DriftReport) -> str:
    """Say in one sentence what the round found, such as `3 differences: 1 security, 2 tags.`"""
    drift, counts = len(report.drift), count(report)
    parts = ", ".join(f"{number:,} {severity}" for severity, number in counts.items() if number)
    found = [f"{_number(drift, 'difference')}: {parts}"] if drift else []
    found += [f"{len(report.not_applied):,} not applied yet"] if report.not_applied else []
    found += [f"{len(report.not_compared):,} not compared"] if report.not_compared else []
    ignored = len(with_status(report, Status.IGNORED))
    but = f", but for {ignored:,} ignored" if ignored else ""
    found = [*found, *([f"{ignored:,} ignored"] if ignored else [])] if found else [f"{CLEAN}{but}"]
    dangers = [r for r in (*report.dangerous, *report.foreign) if r.severity is Severity.SECURITY]
    found += [f"{_number(len(dangers), 'danger')} beside the file"] if dangers else []
    return f"{'; '.join(found)}."


def common_reason(report: DriftReport) -> str:
    """Return why most of the drift is not corrected, to be told once; empty if it is told nowhere too often."""
    reasons = Counter(d.held for d in report.drift if d.held).most_common(1)
    return next((words for words, number in reasons if number > OFTEN or words == report.obstacle), "")


def _number(count: int, noun: str) -> str:
    return f"{count:,} {noun}{'s' * (count != 1)}"


def describe(d: Difference, *, show_values: bool = False) -> str:
    """Say what differs: `desired_count is 0, by the file 2`. Secrets are hidden unless `show_values`."""
    return _describe(d, show_values=show_values) + (f" ({d.note})" if d.note else "")


def _describe(d: Difference, *, show_values: bool) -> str:
    if d.finding is Finding.MISSING:
        return "missing: AWS does not have it"
    if d.finding is Finding.ORPHANED:
        return f"{short_id(d.id)} is this stack's, and the file does not have it"
    if d.words:
        return d.words
    live, want = shown_values(d, show_values=show_values)
    if d.item:
        path = ".".join(map(name_of, d.where[:-1])) or d.path
        has = d.live is not None
        return (
            f"{path} has {format_value(live)}, and the file has not"
            if has
            else f"{path} lacks {format_value(want)}"
        )
    return f"{d.path} is {format_value(live)}, by the file {format_value(want)}"


def shown_values(d: Difference, *, show_values: bool = False) -> tuple[Any, Any]:
    """Return what AWS has and what the file asks for, with secrets hidden unless `show_values` shows them."""
    if show_values or not REFERENCES.isdisjoint(key for key in d.where if isinstance(key, str)):
        return d.live, d.want
    keys = d.where[:-1] if d.item else d.where or tuple(d.path.split("."))
    name = next((key for key in reversed(keys) if isinstance(key, str)), "")
    live, want = (redact_field(name, side) for side in (d.live, d.want))
    return live, mark_changed(live, want)


def describe_attribution(found: Attribution) -> str:
    """Say who changed something and when: `role Admin, session alice, 2026-11-27 22:14:03 UTC (ModifyRule)`."""
    if found.known is not Known.FOUND:
        missing = " (cloudtrail:LookupEvents)" if found.known is Known.NOT_ALLOWED else ""
        return f"by whom: {found.known}{missing}"
    through = f", {found.through}" if found.through else ""
    last = "" if found.exact else "last touched "
    ours = ", a run of this program" if found.by_us else ""
    return f"{last}by {found.actor}{ours}, {readable(found.at)} ({found.event}{through})"


def readable(time: str) -> str:
    """Return a time as people read it, such as 2026-11-27 22:14:03 UTC."""
    return time.replace("T", " ").replace("+00:00", " UTC")
