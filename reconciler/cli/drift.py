"""`drift`: show how AWS differs from the file that was applied."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from reconciler.cli.exit_codes import ExitCode
from reconciler.cli.failures import run
from reconciler.cli.options import Debug, Env, File, Json, LogLevel, Sandbox, ShowValues
from reconciler.cli.signals import stoppable
from reconciler.cli.target import find_target
from reconciler.cli.terminal import print_json, print_message, print_text

if TYPE_CHECKING:
    from reconciler.model.drift import DriftReport
    from reconciler.target import Target

Form = Literal["text", "json", "markdown"]
Html = Annotated[
    Path | None, typer.Option("--html", metavar="PAGE", help="Write it as a page that needs nothing else, too.")
]


Who = Annotated[bool, typer.Option("--who", help="Ask CloudTrail who changed it, and when (20 s at most).")]


@dataclass(frozen=True)
class Shown:
    """How a report is shown."""

    form: Form = "text"
    page: Path | None = None  # a file for the report as HTML
    show_values: bool = False  # secret ones


def drift(
    file: File = None,
    env: Env = None,
    sandbox: Sandbox = False,
    json: Json = False,
    markdown: Annotated[bool, typer.Option("--markdown", help="As a comment on a pull request.")] = False,
    html: Html = None,
    who: Who = False,
    show_values: ShowValues = False,
    log_level: LogLevel = "warning",
    debug: Debug = False,
) -> int:
    """Show how AWS differs from the file that was applied. Exit code 2: it does, or not all was compared."""
    if json and markdown:
        raise typer.BadParameter("--json and --markdown exclude each other")
    shown = Shown("json" if json else "markdown" if markdown else "text", html, show_values)

    def command() -> int:
        return report_drift(find_target(file, env, sandbox=sandbox), shown, who=who)

    return run(command, log_level, as_json=json, debug=debug)


def report_drift(target: "Target", shown: Shown, *, who: bool = False) -> ExitCode:
    """Read, compare, and show what differs; with `who`, also who changed it."""
    from reconciler.cli.reading import show_reading
    from reconciler.drift import find_drift, with_authors
    from reconciler.run import open_session

    with (
        stoppable(print_message) as stop,
        show_reading(target.tally, stop) as reading,
        open_session(target, notify=reading.notify) as session,
    ):
        report = find_drift(session)
        if who and report.drift:
            report = with_authors(session, report, stop=stop.requested)
    show_report(report, shown)
    return ExitCode.DONE if report.clean else ExitCode.CHANGES_FOUND


def show_report(report: "DriftReport", shown: Shown) -> None:
    """Print a report, and write its page if one is asked for."""
    from reconciler.render.drift_json import drift_document
    from reconciler.render.drift_markdown import drift_markdown
    from reconciler.render.drift_text import drift_text

    if shown.form == "json":
        print_json(drift_document(report, show_values=shown.show_values))
    elif shown.form == "markdown":
        print_text(drift_markdown(report, show_values=shown.show_values))
    else:
        print_text(drift_text(report, show_values=shown.show_values))
    if shown.page:
        write_page(report, shown.page)


def write_page(report: "DriftReport", page: Path) -> None:
    """Write the report as one self-contained page. Raises `RunRefused` if the file cannot be written."""
    from reconciler.errors import RunRefused
    from reconciler.render.drift_html import drift_html

    try:
        page.write_text(drift_html(report), encoding="utf-8")
    except OSError as error:
        raise RunRefused(f"the page cannot be written: {error}") from error
    print_message(f"the report is in {page}")
