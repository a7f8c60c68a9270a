"""The file in the user's state directory that describes the running embedded AWS, and its lock."""

import fcntl
import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from reconciler.sandbox.errors import SandboxError
from reconciler.sandbox.state_directory import (
    find_intrusions,
    make_state_directory,
    open_in_state,
    remove_from_state,
    state_directory,
)

STATE, LOG, LOCK = "sandbox.json", "sandbox.log", "sandbox.lock"


def state_file() -> Path:
    """Return the path of the file that describes the running server."""
    return state_directory() / STATE


def log_file() -> Path:
    """Return the path of the file that the server's output goes to."""
    return state_directory() / LOG


@contextmanager
def lock_state() -> Iterator[None]:
    """Hold the lock that lets one process at a time start or stop the server, and write the state file."""
    make_state_directory()
    try:
        lock = open_in_state(LOCK, os.O_WRONLY | os.O_CREAT)
    except OSError as error:
        message = f"{state_directory() / LOCK} cannot be opened: {error.strerror}."
        raise SandboxError(message, "Set RECONCILER_STATE_DIR to another directory.") from error
    with os.fdopen(lock, "w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def read_record() -> dict[str, Any] | None:
    """Read the state file: pid, port, token and the options of the server.

    None if it is absent or broken, or if another user may have written it.
    """
    try:
        if any(find_intrusions(state_directory())):
            return None
        with os.fdopen(open_in_state(STATE, os.O_RDONLY)) as file:
            record = json.load(file)
    except (OSError, ValueError):
        return None
    if not isinstance(record, dict):
        return None
    told = tuple(type(record.get(name)) for name in ("pid", "port", "token"))
    return record if told == (int, int, str) else None


def write_record(record: dict[str, Any]) -> None:
    """Write the state file in one step, so that nobody reads half of it. The caller holds the lock."""
    new = f"{STATE}.new"
    remove_from_state(new)  # of one that was killed here
    with os.fdopen(open_in_state(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL), "w") as file:
        json.dump(record, file)
    (state_directory() / new).replace(state_file())


def server_lives() -> bool:
    """Tell whether the server that was launched last has not ended: it holds a lock on its log until then."""
    try:
        log = open_in_state(LOG, os.O_RDONLY)
    except OSError:
        return False
    try:
        fcntl.flock(log, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(log)
    return False


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
