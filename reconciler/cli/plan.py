"""`plan`: show what apply, or destroy, would do."""

from typing import TYPE_CHECKING, Annotated, Literal

import typer

from reconciler.cli.exit_codes import ExitCode
from reconciler.cli.failures import run
from reconciler.cli.options import Calls, Debug, Env, File, Json, LogLevel, Sandbox, ShowValues
from reconciler.cli.signals import stoppable
from reconciler.cli.target import find_target
from reconciler.cli.terminal import print_json, print_message, print_text

if TYPE_CHECKING:
    from reconciler.target import Target

Form = Literal["text", "json", "markdown"]


def plan(
    file: File = None,
    env: Env = None,
    sandbox: Sandbox = False,
    json: Json = False,
    markdown: Annotated[bool, typer.Option("--markdown", help="As a comment on a pull request.")] = False,
    destroy: Annotated[bool, typer.Option("--destroy", help="Show what destroy would do.")] = False,
    calls: Calls = False,
    show_values: ShowValues = False,
    log_level: LogLevel = "warning",
    debug: Debug = False,
) -> int:
    """Show what apply would do, and change nothing. Exit code 2: changes found."""
    if json and markdown:
        raise typer.BadParameter("--json and --markdown exclude each other")
    form: Form = "json" if json else "markdown" if markdown else "text"

    def command() -> int:
        target = find_target(file, env, sandbox=sandbox)
        return show_plan(target, form, destroy=destroy, calls=calls, show_values=show_values)

    return run(command, log_level, as_json=json, debug=debug)


def show_plan(target: "Target", form: Form, *, destroy: bool, calls: bool, show_values: bool) -> ExitCode:
    """Make a plan and print it. One that has conflicts is a failure."""
    from reconciler.cli.reading import show_reading
    from reconciler.plan import validate
    from reconciler.plan.safety import protection_objections
    from reconciler.render.plan_json import plan_document
    from reconciler.render.plan_markdown import plan_markdown
    from reconciler.render.plan_text import plan_text
    from reconciler.resources import KINDS
    from reconciler.run import Purpose, open_session

    purpose = Purpose.DESTROY if destroy else Purpose.PLAN
    with (
        stoppable(print_message) as stop,
        show_reading(target.tally, stop) as reading,
        open_session(target, purpose=purpose, notify=reading.notify) as session,
    ):
        plan = session.plan(destroy=destroy)
    validate.check(plan.changes)
    refusals = [*protection_objections(KINDS, plan, session.protect_position)]
    if form == "json":
        print_json(plan_document(plan, refusals, show_values=show_values))
    elif form == "markdown":
        print_text(plan_markdown(plan, refusals, show_values=show_values))
    else:
        print_text(plan_text(plan, calls=calls, show_values=show_values))
    for objection in refusals:
        print_message(f"{'destroy' if destroy else 'apply'} will refuse: {objection}")
    if plan.conflicts:
        return ExitCode.FAILED
    return ExitCode.CHANGES_FOUND if plan.changes else ExitCode.DONE
