"""A drift report in the form that was asked for, and as a page beside it."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from reconciler.cli.terminal import print_json, print_message, print_text

if TYPE_CHECKING:
    from reconciler.model.correction import Corrected
    from reconciler.model.drift import DriftReport

Form = Literal["text", "json", "markdown"]


@dataclass(frozen=True)
class Shown:
    """How a report is shown."""

    form: Form = "text"
    page: Path | None = None  # a file for the report as HTML
    show_values: bool = False  # secret ones
    notify: bool = False  # those whom the file names are told of what is new


def show_report(report: "DriftReport", shown: Shown, ended: "Corrected | None" = None) -> None:
    """Print a report, with what was corrected, and write its page if one is asked for."""
    from reconciler.render.drift_json import drift_document
    from reconciler.render.drift_markdown import drift_markdown
    from reconciler.render.drift_text import drift_text

    if shown.form == "json":
        print_json(drift_document(report, ended, show_values=shown.show_values))
    elif shown.form == "markdown":
        print_text(drift_markdown(report, ended, show_values=shown.show_values))
    else:
        print_text(drift_text(report, ended, show_values=shown.show_values))
    if shown.page:
        write_page(report, shown.page, ended)


def write_page(report: "DriftReport", page: Path, ended: "Corrected | None" = None) -> None:
    """Write the report as one self-contained page. Raises `RunRefused` if the file cannot be written."""
    from reconciler.errors import RunRefused
    from reconciler.render.drift_html import drift_html

    try:
        told = (ended.corrections, ended.waiting) if ended else ()
        page.write_text(drift_html(report, *told), encoding="utf-8")
    except OSError as error:
        raise RunRefused(f"the page cannot be written: {error}") from error
    print_message(f"the report is in {page}")
