"""The command line. A command imports the engine only when it runs, so that the help is quick."""

from collections.abc import Sequence
from typing import Annotated, Any

import typer

from reconciler import __version__
from reconciler.cli import (
    apply,
    destroy,
    drift,
    lease,
    notify,
    outputs,
    plan,
    policy,
    rehearse,
    sandbox,
    watch,
)
from reconciler.cli.exit_codes import ExitCode
from reconciler.cli.options import TYPER_SETTINGS
from reconciler.cli.streams import failsafe_streams

COMMANDS = (
    plan.plan,
    apply.apply,
    destroy.destroy,
    drift.drift,
    outputs.outputs,
    rehearse.rehearse,
    watch.watch,
    policy.policy,
)
GROUPS = (lease.app, notify.app, sandbox.app)
UsageError: Any = typer.BadParameter.__base__  # typer has no public name for it

app = typer.Typer(
    help="Build and maintain an ECS platform from one YAML file.", no_args_is_help=True, **TYPER_SETTINGS
)
for command in COMMANDS:
    app.command()(command)
for group in GROUPS:
    app.add_typer(group)


def _print_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"ecs-reconciler {__version__}")
        raise typer.Exit


@app.callback()
def _options(
    _version: Annotated[
        bool,
        typer.Option("--version", callback=_print_version, is_eager=True, help="Show the version and exit."),
    ] = False,
) -> None: ...


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command line, and return its exit code."""
    with failsafe_streams():
        try:
            code: int = app(args=argv, prog_name="reconciler", standalone_mode=False)  # 130 after Ctrl-C
        except UsageError as error:
            error.show()
            return ExitCode.FAILED
        return code
