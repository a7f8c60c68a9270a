"""`sandbox`: the commands that start, show, empty and stop the embedded AWS in a process of its own."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from reconciler.cli.exit_codes import ExitCode
from reconciler.cli.failures import run
from reconciler.cli.options import TYPER_SETTINGS, Debug, Json
from reconciler.cli.terminal import print_json, print_text

if TYPE_CHECKING:
    from desired_state.platform import Platform

STARTING = "Starting the embedded AWS"
NOT_RUNNING = "The embedded AWS is not running.\n"

app = typer.Typer(name="sandbox", help="The embedded AWS.", no_args_is_help=True, **TYPER_SETTINGS)


@app.command()
def start(
    profile: Annotated[
        Literal["calm", "real", "harsh"],
        typer.Option(
            "--profile",
            help="calm: instant; real: AWS's durations (docs/sandbox.md) and limits; harsh: with faults.",
        ),
    ] = "calm",
    speed: Annotated[float, typer.Option("--speed", min=0, help="Simulated seconds per real second.")] = 1,
    seed: Annotated[int, typer.Option("--seed", help="Random seed, for reproducible runs.")] = 0,
    no_images: Annotated[
        bool, typer.Option("--no-images", help="Put no images into new repositories.")
    ] = False,
    debug: Debug = False,
) -> int:
    """Start it, unless it is already running with these settings."""

    def command() -> int:
        with sandbox_errors_as_refusals():
            from reconciler.render.drawing import draw_status
            from reconciler.sandbox import process

            with draw_status(lambda: STARTING):
                status = process.start(profile, speed, seed, images=not no_images)
        print_text(f"The embedded AWS ({status.profile}) answers at {status.endpoint}\n")
        return ExitCode.DONE

    return run(command, debug=debug)


@app.command()
def stop(debug: Debug = False) -> int:
    """Stop it; its contents are lost."""

    def command() -> int:
        with sandbox_errors_as_refusals():
            from reconciler.sandbox import process

            was_running = process.stop()
        print_text("The embedded AWS has stopped; its contents are gone.\n" if was_running else NOT_RUNNING)
        return ExitCode.DONE

    return run(command, debug=debug)


@app.command()
def status(json: Json = False, debug: Debug = False) -> int:
    """Show whether it is running, and its endpoint."""

    def command() -> int:
        with sandbox_errors_as_refusals():
            from reconciler.sandbox import process

            found = process.status()
        if json:
            print_json(asdict(found))
        elif found.running:
            values = {name: value for name, value in asdict(found).items() if value is not None}
            print_text("".join(f"{name:9} {value}\n" for name, value in values.items()))
        else:
            print_text(NOT_RUNNING)
        return ExitCode.DONE

    return run(command, as_json=json, debug=debug)


@app.command()
def reset(debug: Debug = False) -> int:
    """Empty it, as if newly started."""

    def command() -> int:
        with sandbox_errors_as_refusals():
            from reconciler.sandbox import process

            process.reset()
        print_text("The embedded AWS is empty.\n")
        return ExitCode.DONE

    return run(command, debug=debug)


def ensure_started() -> str:
    """Return the endpoint of the embedded AWS; start it if it is not running."""
    with sandbox_errors_as_refusals():
        from reconciler.render.drawing import draw_status
        from reconciler.sandbox import process

        with draw_status(lambda: STARTING):
            return process.ensure_started()


def find_endpoint() -> str | None:
    """Return the endpoint of the embedded AWS, another one once it was started anew; None if none runs."""
    with sandbox_errors_as_refusals():
        from reconciler.sandbox import process

        return process.status().endpoint


def give(platform: "Platform") -> None:
    """Let the embedded AWS have what the file names and no run makes, and the account.

    What it refers to has stand-ins there, until a person gives it other values.
    """
    from desired_state.elsewhere import find_named_elsewhere, list_existing, list_values
    from desired_state.load import fill_from_aws
    from desired_state.stand_ins import choose_stand_ins
    from reconciler.aws.enclosure import ACCOUNT
    from reconciler.target import SANDBOX_REGION

    with sandbox_errors_as_refusals():
        from reconciler.sandbox import process

        values = choose_stand_ins(platform, platform.account or ACCOUNT)
        parts = list(list_values(platform, values))
        platform = fill_from_aws(platform, values) if platform.is_open else platform
        process.give({*find_named_elsewhere(platform)}, platform.account)
        process.plant([*list_existing(platform), *parts], platform.account, platform.region or SANDBOX_REGION)


@contextmanager
def sandbox_errors_as_refusals() -> Iterator[None]:
    """Raise `RunRefused` for errors of the embedded AWS, and if it is not installed, as in the Docker image."""
    from reconciler.errors import RunRefused

    try:
        from reconciler.sandbox.process import SandboxError
    except ModuleNotFoundError as error:
        raise RunRefused("the embedded AWS is not installed: pip install 'ecs-reconciler[sandbox]'") from error
    try:
        yield
    except SandboxError as error:
        raise RunRefused(str(error)) from error
