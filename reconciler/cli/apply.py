"""`apply`: make AWS match the file."""

from functools import partial
from typing import TYPE_CHECKING

from reconciler import __version__
from reconciler.cli.failures import run
from reconciler.cli.options import (
    AllowReplace,
    Calls,
    Debug,
    Env,
    File,
    Json,
    LeaseWait,
    LogLevel,
    NewEnvironment,
    NoWait,
    Sandbox,
    ShowValues,
    WaitForImages,
    Yes,
)
from reconciler.cli.outputs import format_chosen_outputs, format_outputs
from reconciler.cli.signals import stoppable
from reconciler.cli.target import find_target
from reconciler.cli.terminal import print_message, print_text

if TYPE_CHECKING:
    from reconciler.cli.changes import ApplyOptions
    from reconciler.cli.exit_codes import ExitCode
    from reconciler.target import Target


def apply(
    file: File = None,
    env: Env = None,
    sandbox: Sandbox = False,
    yes: Yes = False,
    allow_replace: AllowReplace = False,
    new_environment: NewEnvironment = False,
    no_wait: NoWait = False,
    wait_for_images: WaitForImages = None,
    lease_wait: LeaseWait = None,
    json: Json = False,
    calls: Calls = False,
    show_values: ShowValues = False,
    log_level: LogLevel = "warning",
    debug: Debug = False,
) -> int:
    """Make AWS match the file. Exit code 3: done, but something is held; 130: stopped."""

    def command() -> int:
        from reconciler.cli.changes import ApplyOptions
        from reconciler.plan.safety import Consent

        options = ApplyOptions(
            consent=Consent(yes=yes, replace=allow_replace, new_environment=new_environment),
            wait=not no_wait,
            wait_for_images=wait_for_images or 0,
            lease_wait=lease_wait or 0,
            calls=calls,
            show_values=show_values,
            as_json=json,
        )
        return apply_target(find_target(file, env, sandbox=sandbox), options)

    return run(command, log_level, as_json=json, debug=debug)


def apply_target(target: "Target", options: "ApplyOptions") -> "ExitCode":
    """Plan and apply.

    Print the outcome and, unless it failed, the outputs (the first one if nothing changed).
    """
    from reconciler.cli.changes import exit_code, make_changes, print_outcome, writing
    from reconciler.cli.reading import show_reading
    from reconciler.run import leave_record, open_session
    from reconciler.session import ids_after

    with (
        stoppable(print_message) as stop,
        show_reading(target.tally, stop) as reading,
        open_session(target, writing("apply", options, stop, reading), notify=reading.notify) as session,
    ):
        plan = session.plan()
        reading.end()
        ended = make_changes(session, plan, options, stop)
        complete = not (ended.outcome.failed or ended.outcome.stopped)
        find = partial(session.outputs, ids_after(plan, ended.outcome))
        outputs = find() if complete else {}
        if complete:
            leave_record(session, __version__)
    print_outcome(plan, ended, options, outputs)
    if outputs and not options.as_json:
        changed = {change.service for change in plan.changes if change.service}
        url = format_outputs(dict([*outputs.items()][:1]))
        print_text("\n" + format_chosen_outputs(find, changed) if plan.changes else url)
    return exit_code(ended.outcome)
