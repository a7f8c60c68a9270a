"""The command line. What a command needs is imported when it runs: the help stays quick."""

import sys
from collections.abc import Sequence
from io import TextIOWrapper
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from reconciler.cli import sandbox as sandbox_cli
from reconciler.cli.options import (
    PLAIN,
    AllowReplace,
    Calls,
    Debug,
    Env,
    File,
    Json,
    LogLevel,
    NoWait,
    Sandbox,
    WaitForImages,
    Yes,
    run,
)

if TYPE_CHECKING:
    from reconciler.run import Target

USAGE, STOPPED = 1, 130  # and 2 means changes found
UsageError: Any = typer.BadParameter.__base__  # typer has no public name for it

app = typer.Typer(help="Build and maintain an ECS platform from one YAML file.", no_args_is_help=True, **PLAIN)
app.add_typer(sandbox_cli.app, name="sandbox")


@app.command()
def plan(
    file: File = None,
    env: Env = None,
    sandbox: Sandbox = False,
    json: Json = False,
    markdown: Annotated[bool, typer.Option("--markdown", help="As a comment on a pull request.")] = False,
    destroy: Annotated[bool, typer.Option("--destroy", help="Show what destroy would do.")] = False,
    calls: Calls = False,
    log_level: LogLevel = "warning",
    debug: Debug = False,
) -> int:
    """Show what apply would do, and change nothing. Exit code 2: changes found."""
    if json and markdown:
        raise typer.BadParameter("--json and --markdown exclude each other")

    def command() -> int:
        from reconciler.commands import plan as plans  # noqa: PLC0415

        form: plans.Form = "json" if json else "markdown" if markdown else "text"
        return plans.plan(_target(file, env, sandbox), form, destroy=destroy, calls=calls)

    return run(command, log_level, as_json=json, debug=debug)


@app.command()
def apply(
    file: File = None,
    env: Env = None,
    sandbox: Sandbox = False,
    yes: Yes = False,
    allow_replace: AllowReplace = False,
    no_wait: NoWait = False,
    wait_for_images: WaitForImages = None,
    json: Json = False,
    calls: Calls = False,
    log_level: LogLevel = "warning",
    debug: Debug = False,
) -> int:
    """Make AWS match the file. Exit code 3: done, but something is held; 130: stopped."""

    def command() -> int:
        from reconciler.commands.apply import ApplyOptions, apply  # noqa: PLC0415
        from reconciler.plan.safety import Consent  # noqa: PLC0415

        options = ApplyOptions(
            consent=Consent(yes=yes, replace=allow_replace),
            wait=not no_wait,
            wait_for_images=wait_for_images or 0,
            calls=calls,
            as_json=json,
        )
        return apply(_target(file, env, sandbox), options)

    return run(command, log_level, as_json=json, debug=debug)


@app.command()
def destroy(
    file: File = None,
    env: Env = None,
    sandbox: Sandbox = False,
    yes: Yes = False,
    json: Json = False,
    calls: Calls = False,
    log_level: LogLevel = "warning",
    debug: Debug = False,
) -> int:
    """Delete everything that carries the stack's tags. Exit code 130: stopped."""

    def command() -> int:
        from reconciler.commands.apply import ApplyOptions, apply  # noqa: PLC0415
        from reconciler.plan.safety import Consent  # noqa: PLC0415

        options = ApplyOptions(destroy=True, consent=Consent(yes=yes), calls=calls, as_json=json)
        return apply(_target(file, env, sandbox), options)

    return run(command, log_level, as_json=json, debug=debug)


@app.command()
def outputs(
    file: File = None,
    env: Env = None,
    sandbox: Sandbox = False,
    json: Json = False,
    log_level: LogLevel = "warning",
    debug: Debug = False,
) -> int:
    """Show the addresses and names of what is deployed."""

    def command() -> int:
        from reconciler.commands.outputs import outputs  # noqa: PLC0415

        return outputs(_target(file, env, sandbox), as_json=json)

    return run(command, log_level, as_json=json, debug=debug)


@app.command()
def rehearse(
    file: File = None,
    env: Env = None,
    json: Json = False,
    calls: Calls = False,
    log_level: LogLevel = "error",
    debug: Debug = False,
) -> int:
    """Apply and destroy on a private embedded AWS; report how it would go and how long it would take."""

    def command() -> int:
        from reconciler.commands.rehearse import rehearse  # noqa: PLC0415
        from reconciler.run import Target  # noqa: PLC0415

        return rehearse(Target(file, env), calls=calls, as_json=json)

    return run(command, log_level, as_json=json, debug=debug)


def _target(file: Path | None, environment: str | None, sandbox: bool) -> "Target":
    from reconciler.run import Target  # noqa: PLC0415

    if not sandbox:
        return Target(file, environment)
    from reconciler.commands.sandbox import endpoint  # noqa: PLC0415

    return Target(file, environment, endpoint())


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command line; its exit code."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="replace")  # a terminal that cannot show ✓ shall still be told
    try:
        code: int = app(args=argv, prog_name="reconciler", standalone_mode=False)
    except (KeyboardInterrupt, typer.Abort):
        return STOPPED
    except UsageError as e:
        e.show()
        return USAGE
    return code
