"""Which platform a command is for, and against which AWS."""

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from reconciler.run import Target


def find_target(file: Path | None, environment: str | None, *, sandbox: bool) -> "Target":
    """Return what FILE, --env and --sandbox name; start the embedded AWS if it is named and not running."""
    from reconciler.run import Target

    if not sandbox:
        return Target(file, environment)
    from reconciler.cli.sandbox import ensure_started

    return Target(file, environment, ensure_started())
