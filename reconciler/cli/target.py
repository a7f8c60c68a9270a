"""Find the platform and the AWS that a command is for."""

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from reconciler.target import Target


def find_target(file: Path | None, environment: str | None, *, sandbox: bool) -> "Target":
    """Return the target of FILE, --env and --sandbox.

    For --sandbox, start the embedded AWS if necessary; it is given what the file names, once that is read.
    """
    from reconciler.target import Target

    if not sandbox:
        return Target(file, environment)
    from reconciler.cli.sandbox import ensure_started, find_endpoint, give

    return Target(file, environment, ensure_started(), give, find_endpoint)
