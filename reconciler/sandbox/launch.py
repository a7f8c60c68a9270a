"""Launch the server of the embedded AWS as a process of its own, and wait until it answers."""

import fcntl
import json
import os
import socket
import subprocess
import sys
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from secrets import token_hex
from threading import Thread
from typing import Any

from tenacity import RetryError, Retrying, retry_if_result, stop_after_delay, wait_fixed

from reconciler.sandbox.errors import SandboxError
from reconciler.sandbox.no_files import NO_FILES
from reconciler.sandbox.proof import OPTIONS_VARIABLE
from reconciler.sandbox.server_client import Status, read_status
from reconciler.sandbox.state_directory import open_in_state, remove_from_state, state_directory
from reconciler.sandbox.state_file import LOG, STATE, log_file, write_record

START_OR_STOP_TIMEOUT = 60.0  # seconds; usual are 1 to 3, and a process that ends is seen at once
LAST_LINES = 8  # of the log of a server that does not start


def launch(options: dict[str, Any]) -> Status:
    """Launch the server with these options (profile, speed, seed, images, port) and return when it answers.

    The caller holds the lock. Raises SandboxError if moto is not installed, if the process ends at once, or if
    it does not answer in time.
    """
    if find_spec("moto") is None or find_spec("flask") is None:
        message = "The embedded AWS needs moto, which is not installed."
        raise SandboxError(message, "Install it: pip install 'ecs-reconciler[sandbox]'")
    remove_from_state(STATE)
    options |= {"token": token_hex(16), "log": str(log_file())}
    ours, its = socket.socketpair()
    with ours, its:
        child = _begin(options, its)
        try:
            return _wait_for(child, options, ours)
        except BaseException:  # also a person's stop: nobody would find a server that starts later
            child.kill()
            remove_from_state(STATE)
            raise


def _begin(options: dict[str, Any], its: socket.socket) -> subprocess.Popen[bytes]:
    """Begin the process, which has one end of the socket pair, and close that end here.

    It has a lock on its log until it ends (`server_lives`), and finds no modules in its working directory.
    """
    given = {OPTIONS_VARIABLE: json.dumps(options | {"socket": its.fileno()})}
    remove_from_state(LOG)
    with os.fdopen(open_in_state(LOG, os.O_WRONLY | os.O_CREAT | os.O_EXCL), "w") as output:
        fcntl.flock(output, fcntl.LOCK_EX)
        child = subprocess.Popen(
            [sys.executable, "-P", "-m", "reconciler.sandbox.server"],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            env=_environment() | given,
            pass_fds=[its.fileno()],
            cwd=state_directory(),
            start_new_session=True,
        )
    its.close()
    Thread(target=child.wait, daemon=True).start()  # it outlives us; if not, it shall be no zombie
    return child


def _wait_for(child: subprocess.Popen[bytes], options: dict[str, Any], ours: socket.socket) -> Status:
    """Wait for the port that the process says, write it down, and let the process serve.

    The process goes on only when it is written where others find it: if this one is killed before, it ends.
    """
    too_late = f"It did not start; see {log_file()}."
    ours.settimeout(START_OR_STOP_TIMEOUT)
    try:
        port = ours.makefile().readline()
    except TimeoutError as error:
        raise SandboxError(too_late) from error
    if not port:
        lines = log_file().read_text().strip().splitlines()[-LAST_LINES:]
        message = "The embedded AWS ended as it started:\n  " + "\n  ".join(lines)
        raise SandboxError(message, f"The whole log: {log_file()}")
    write_record(options | {"pid": child.pid, "port": int(port)})
    ours.sendall(b".")
    wait_until(lambda: child.poll() is not None or read_status().running, too_late)
    return read_status()


def _environment() -> dict[str, str]:
    """Return this process's environment without settings of AWS and moto, with this package on PYTHONPATH.

    The user's files in ~/.aws are settings too.
    """
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("AWS_", "MOTO_"))}
    paths = [str(Path(__file__).parents[2]), *os.environ.get("PYTHONPATH", "").split(os.pathsep)]
    return environment | NO_FILES | {"PYTHONPATH": os.pathsep.join(str(Path(p).absolute()) for p in paths if p)}


def wait_until(condition: Callable[[], bool], otherwise: str) -> None:
    """Wait until `condition()` is true. Raises SandboxError(otherwise) after START_OR_STOP_TIMEOUT."""
    waiting = Retrying(
        retry=retry_if_result(lambda met: not met),
        stop=stop_after_delay(START_OR_STOP_TIMEOUT),
        wait=wait_fixed(0.05),
    )
    try:
        waiting(condition)
    except RetryError as error:
        raise SandboxError(otherwise) from error
