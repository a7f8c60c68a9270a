"""What a report says in one word, and the counts of each severity."""

from collections.abc import Mapping

from reconciler.model.drift import DriftReport, Severity
from reconciler.render.drift_words import count
from reconciler.render.html.markup import Html, element


def state_of(report: DriftReport) -> str:
    """Return the word of a report that is its class in the style: the worst severity of its drift, or else."""
    worst = next((severity.value for severity, number in count(report).items() if number), "")
    if worst:
        return worst
    if report.not_compared:
        return "partial"
    return "pending" if report.not_applied else "clean"


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
