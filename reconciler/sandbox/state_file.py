"""The file in the user's state directory that describes the running embedded AWS, and its lock."""

import fcntl
import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from stat import S_IWOTH
from typing import Any

from reconciler.sandbox.errors import SandboxError


def state_directory() -> Path:
    """Return RECONCILER_STATE_DIR, else `ecs-reconciler` in XDG_STATE_HOME, else in ~/.local/state."""
    base = os.environ.get("XDG_STATE_HOME") or str(Path.home() / ".local" / "state")
    return Path(os.environ.get("RECONCILER_STATE_DIR") or f"{base}/ecs-reconciler")


def state_file() -> Path:
    """Return the path of the file that describes the running server."""
    return state_directory() / "sandbox.json"


def log_file() -> Path:
    """Return the path of the file that the server's output goes to."""
    return state_directory() / "sandbox.log"


@contextmanager
def lock_state() -> Iterator[None]:
    """Hold the lock that lets one process at a time start or stop the server."""
    try:
        state_directory().mkdir(mode=0o700, parents=True, exist_ok=True)
        _require_private(state_directory())
        file = (state_directory() / "sandbox.lock").open("w")
    except OSError as error:
        message = f"The state directory {state_directory()} cannot be written: {error.strerror}."
        raise SandboxError(message, "Set RECONCILER_STATE_DIR to one that can.") from error
    with file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _require_private(directory: Path) -> None:
    """Raise SandboxError if other users can write there: links that they make would be followed."""
    if not _is_private(directory):
        message = f"The state directory {directory} belongs to another user, or others can write to it."
        raise SandboxError(message, "Set RECONCILER_STATE_DIR to one of your own, or chmod 700 it.")


def _is_private(directory: Path) -> bool:
    found = directory.stat()
    return found.st_uid == os.getuid() and not found.st_mode & S_IWOTH


def read_record() -> dict[str, Any] | None:
    """Read the state file: pid, port, token and the options of the server.

    None if it is absent or broken, or if another user may have written it.
    """
    try:
        if not _is_private(state_directory()):
            return None
        record = json.loads(state_file().read_text())
    except (OSError, ValueError):
        return None
    complete = isinstance(record, dict) and {"pid", "port", "token"} <= record.keys()
    return record if complete else None


def warn_of_ended_server() -> None:
    """Warn that a server ended by itself and its contents are lost, and why; its log is kept."""
    warn_of_broken_file()
    if record := read_record():
        log = log_file()
        old_log = log.with_name("sandbox.log.old")
        if log.exists():
            log.replace(old_log)
        _warn(
            f"The embedded AWS (pid {record['pid']}) ended unexpectedly; what was in it is lost. Its log: {old_log}"
        )


def warn_of_broken_file() -> None:
    """Warn that a server may be running that cannot be found, because the state file cannot be read."""
    if state_file().exists() and read_record() is None:
        _warn(
            f"{state_file()} does not say which embedded AWS runs: it is broken, and ignored. One that still runs "
            "is not found again: look for it with pgrep -f reconciler.sandbox.server, and end it by hand."
        )


def _warn(message: str) -> None:
    sys.stderr.write(f"{message}\n")
