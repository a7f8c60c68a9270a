"""The embedded AWS: find, start, reset and stop it. Nothing of it is imported before it is asked for."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict

from reconciler.commands.terminal import document, show
from reconciler.errors import RunRefused

try:
    from reconciler.sandbox import process
except ModuleNotFoundError as e:  # the Docker image comes without it
    raise RunRefused("the embedded AWS is not installed: pip install 'ecs-reconciler[sandbox]'") from e


@contextmanager
def _in_our_words() -> Iterator[None]:
    try:
        yield
    except process.SandboxError as e:
        raise RunRefused(str(e)) from e


def endpoint() -> str:
    """Where it answers; it is started if it does not run."""
    with _in_our_words():
        return process.ensure_started()


def start(profile: str, speed: float, seed: int, *, images: bool) -> int:
    """Start it, unless it is already running with these settings."""
    with _in_our_words():
        status = process.start(profile, speed, seed, images=images)
    show(f"The embedded AWS ({status.profile}) answers at {status.endpoint}\n")
    return 0


def stop() -> int:
    """Stop it; that it did not run is no failure."""
    with _in_our_words():
        ran = process.stop()
    show(
        "The embedded AWS has stopped; its contents are gone.\n"
        if ran
        else "The embedded AWS is not running.\n"
    )
    return 0


def status(*, as_json: bool) -> int:
    """Tell whether it runs, and how."""
    found = process.status()
    if as_json:
        document(asdict(found))
    elif found.running:
        told = (f"{name:9} {value}" for name, value in asdict(found).items() if value is not None)
        show("\n".join(told) + "\n")
    else:
        show("The embedded AWS is not running.\n")
    return 0


def reset() -> int:
    """Empty it."""
    with _in_our_words():
        process.reset()
    show("The embedded AWS is empty.\n")
    return 0
