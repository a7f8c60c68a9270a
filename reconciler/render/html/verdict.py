"""What a report says in one word and one sentence, and the counts of each severity."""

from collections.abc import Mapping

from reconciler.model.drift import DriftReport, Severity
from reconciler.render.html.markup import Html, element


def verdict(report: DriftReport) -> tuple[str, str]:
    """Return the word that is its class in the style, such as `security` or `clean`, and the sentence."""
    counts = count_drift(report)
    partial = f"{_count(len(report.not_compared), 'thing')} could not be compared"
    if report.drift:
        words = ", ".join(f"{number:,} of {severity}" for severity, number in counts.items() if number)
        rest = f"; {partial}" if report.not_compared else ""
        worst = next(severity for severity, number in counts.items() if number)
        return worst.value, f"{_count(len(report.drift), 'difference')}: {words}{rest}"
    if report.not_compared:
        return "partial", f"No drift in what could be compared, but {partial}"
    if report.not_applied:
        return "pending", f"No drift; {_count(len(report.not_applied), 'change')} of the file not applied yet"
    return "clean", "AWS is as the file says: everything was compared and is equal"


def count_drift(report: DriftReport) -> dict[Severity, int]:
    """Return the number of differences that are drift, of each severity, the worst first."""
    found = [d.severity for d in report.drift]
    return {severity: found.count(severity) for severity in Severity}


def _count(number: int, thing: str) -> str:
    return f"{number:,} {thing}{'' if number == 1 else 's'}"


def show_counts(counts: Mapping[Severity, int]) -> Html:
    """Return the number of each severity as a row of tiles; those of none are quiet."""
    tiles = (
        element(
            "li",
            element("b", f"{number:,}"),
            element("span", severity.value),
            class_=severity.value if number else "none",
        )
        for severity, number in counts.items()
    )
    return element("ul", tiles, class_="counts")
