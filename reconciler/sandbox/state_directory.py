"""The user's state directory: private, and opened without following links that others could have made."""

import os
from collections.abc import Iterator
from pathlib import Path
from stat import S_ISLNK, S_ISVTX, S_IWOTH

from reconciler.sandbox.errors import SandboxError

PRIVATE = 0o700
OTHERS = 0o077


def state_directory() -> Path:
    """Return RECONCILER_STATE_DIR, else `ecs-reconciler` in XDG_STATE_HOME, else in ~/.local/state."""
    base = os.environ.get("XDG_STATE_HOME") or str(Path.home() / ".local" / "state")
    return Path(os.environ.get("RECONCILER_STATE_DIR") or f"{base}/ecs-reconciler").absolute()


def make_state_directory() -> None:
    """Make the directory, and those above it, for the user alone. An empty one of the user's becomes private.

    Raises SandboxError if it cannot be made, or if others could write to it or read it.
    """
    directory = state_directory()
    try:
        for part in (*reversed(directory.parents), directory):
            part.mkdir(mode=PRIVATE, exist_ok=True)
        if directory.stat().st_uid == os.getuid() and not any(directory.iterdir()):
            directory.chmod(PRIVATE)
        objections = [*find_intrusions(directory)]
    except OSError as error:
        message = f"The state directory {directory} cannot be written: {error.strerror}."
        raise SandboxError(message, "Set RECONCILER_STATE_DIR to one that can.") from error
    if objections:
        message = f"The state directory {directory} cannot be trusted: {objections[0]}."
        raise SandboxError(message, "Mend that, or set RECONCILER_STATE_DIR to a directory of your own.")


def find_intrusions(directory: Path) -> Iterator[str]:
    """Yield what lets other users read or replace what is in the directory. Raises OSError if it is absent."""
    found = directory.stat()
    if found.st_uid != os.getuid():
        yield f"{directory} belongs to another user"
    elif found.st_mode & OTHERS:
        yield f"{directory} is open to other users, and needs a chmod 700"
    ways = {directory, directory.resolve()}
    for part in sorted({part for way in ways for part in (way, *way.parents)}):
        yield from _find_replacers(part)


def _find_replacers(part: Path) -> Iterator[str]:
    """Yield which users but root can make something else of this file, link or directory's names."""
    found = part.lstat()
    if found.st_uid not in (0, os.getuid()):
        yield f"{part} belongs to another user"
    if found.st_mode & S_IWOTH and not found.st_mode & S_ISVTX and not S_ISLNK(found.st_mode):
        yield f"{part} can be written to by other users"


def open_in_state(name: str, flags: int) -> int:
    """Open a file in the directory, for the user alone, and return its descriptor.

    No link is followed, and no reader or writer of a pipe in the file's place is waited for.
    """
    directory = os.open(state_directory(), os.O_RDONLY | os.O_DIRECTORY)
    try:
        return os.open(name, flags | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC, 0o600, dir_fd=directory)
    finally:
        os.close(directory)


def remove_from_state(name: str) -> None:
    """Remove a file from the directory, if it is there. Raises SandboxError if it cannot be removed."""
    path = state_directory() / name
    try:
        path.unlink(missing_ok=True)
    except OSError as error:
        message = f"{path} cannot be replaced: {error.strerror}."
        raise SandboxError(
            message, "Remove it by hand, or set RECONCILER_STATE_DIR to another directory."
        ) from error
