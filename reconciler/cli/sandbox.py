"""The commands of the embedded AWS."""

from typing import Annotated, Literal

import typer

from reconciler.cli.options import PLAIN, Debug, Json, run

app = typer.Typer(help="The embedded AWS.", no_args_is_help=True, **PLAIN)


@app.command()
def start(
    profile: Annotated[
        Literal["calm", "real", "harsh"],
        typer.Option(
            "--profile", help="calm: instant; real: AWS's usual durations and limits; harsh: with faults."
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
        from reconciler.commands import sandbox  # noqa: PLC0415

        return sandbox.start(profile, speed, seed, images=not no_images)

    return run(command, debug=debug)


@app.command()
def stop(debug: Debug = False) -> int:
    """Stop it; its contents are lost."""

    def command() -> int:
        from reconciler.commands import sandbox  # noqa: PLC0415

        return sandbox.stop()

    return run(command, debug=debug)


@app.command()
def status(json: Json = False, debug: Debug = False) -> int:
    """Show whether it is running, and its endpoint."""

    def command() -> int:
        from reconciler.commands import sandbox  # noqa: PLC0415

        return sandbox.status(as_json=json)

    return run(command, as_json=json, debug=debug)


@app.command()
def reset(debug: Debug = False) -> int:
    """Empty it, as if newly started."""

    def command() -> int:
        from reconciler.commands import sandbox  # noqa: PLC0415

        return sandbox.reset()

    return run(command, debug=debug)
