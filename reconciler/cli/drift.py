"""`drift`: show how AWS differs from the file that was applied."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from reconciler.cli.drift_allowed import Allowed, Who, parse_severities
from reconciler.cli.drift_shown import Shown, show_report
from reconciler.cli.exit_codes import ExitCode
from reconciler.cli.failures import run
from reconciler.cli.options import (
    AllowDelete,
    AllowReplaceDrift,
    AllowRestart,
    Correct,
    Debug,
    Env,
    File,
    Json,
    LeaseWait,
    LogLevel,
    Only,
    Sandbox,
    ShowValues,
)
from reconciler.cli.signals import stoppable
from reconciler.cli.target import find_target
from reconciler.cli.terminal import print_message

if TYPE_CHECKING:
    from reconciler.model.drift import DriftReport, Severity
    from reconciler.target import Target

Html = Annotated[
    Path | None, typer.Option("--html", metavar="PAGE", help="Write it as a page that needs nothing else, too.")
]

Notify = Annotated[bool, typer.Option("--notify", help="Send what is new to those whom the file names.")]


def drift(
    file: File = None,
    env: Env = None,
    sandbox: Sandbox = False,
    json: Json = False,
    markdown: Annotated[bool, typer.Option("--markdown", help="As a comment on a pull request.")] = False,
    html: Html = None,
    who: Who = False,
    notify: Notify = False,
    correct: Correct = False,
    only: Only = None,
    allow_delete: AllowDelete = False,
    allow_replace: AllowReplaceDrift = False,
    allow_restart: AllowRestart = False,
    lease_wait: LeaseWait = None,
    show_values: ShowValues = False,
    log_level: LogLevel = "warning",
    debug: Debug = False,
) -> int:
    """Show how AWS differs from the applied file.

    With --correct, put right what is safe.

    Exit code 2: something differs, is left or waits, or not all was compared; 130: stopped.
    """
    if json and markdown:
        raise typer.BadParameter("--json and --markdown exclude each other")
    allowed = Allowed(allow_delete, allow_replace, allow_restart, only, lease_wait)
    if not correct and allowed != Allowed():
        raise typer.BadParameter("--only, --allow-… and --lease-wait are for --correct")
    severities = parse_severities(only)
    shown = Shown("json" if json else "markdown" if markdown else "text", html, show_values, notify)

    def command() -> int:
        from reconciler.target import keep_connection

        target = keep_connection(find_target(file, env, sandbox=sandbox))
        if correct:
            return correct_target(target, shown, allowed, severities, who=who)
        return report_drift(target, shown, who=who)

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
    if shown.notify:
        tell_people(target, report, report)
    return ExitCode.DONE if report.clean else ExitCode.CHANGES_FOUND


def correct_target(
    target: "Target",
    shown: Shown,
    allowed: Allowed,
    severities: "frozenset[Severity] | None",
    *,
    who: bool = False,
) -> ExitCode:
    """Read, correct what may be corrected, and show what became of it; with `who`, also who had changed it."""
    from reconciler.cli.correction import correct
    from reconciler.drift.correction_rules import Rules

    rules = Rules(only=severities, delete=allowed.delete, replace=allowed.replace, restart=allowed.restart)
    looked, ended = correct(target, rules, allowed.lease_wait or 0, who=who)
    show_report(ended.report, shown, ended)
    if shown.notify and not ended.stopped:
        tell_people(target, looked, ended.report)
    if ended.stopped:
        return ExitCode.STOPPED
    if ended.failed:
        return ExitCode.FAILED
    return ExitCode.DONE if ended.report.clean else ExitCode.CHANGES_FOUND


def tell_people(target: "Target", looked: "DriftReport", left: "DriftReport") -> None:
    """Tell those whom the file names what is new since the round before, given what is there after corrections.

    A failure is logged only.
    """
    from reconciler.target import connect_to
    from reconciler.watch.notify.once import tell_once

    with stoppable(print_message) as stop:
        tell_once(*connect_to(target), looked, left, stop.requested)
