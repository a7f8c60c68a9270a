"""Launch the server of the embedded AWS as a process of its own, and wait until it answers."""

import json
import os
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from secrets import token_hex
from threading import Thread
from typing import Any

from tenacity import RetryError, Retrying, retry_if_result, stop_after_delay, wait_fixed

from reconciler.sandbox.errors import SandboxError
from reconciler.sandbox.proof import OPTIONS_VARIABLE
from reconciler.sandbox.server_client import Status, read_status
from reconciler.sandbox.state_file import log_file, state_file

START_OR_STOP_TIMEOUT = 20.0  # seconds


def launch(options: dict[str, Any]) -> Status:
    """Launch the server with these options (profile, speed, seed, images, port) and return when it answers.

    Raises SandboxError if moto is not installed, if the process ends at once, or if it does not answer in time.
    """
    if find_spec("moto") is None or find_spec("flask") is None:
        message = "The embedded AWS needs moto, which is not installed."
        raise SandboxError(message, "Install it: pip install 'ecs-reconciler[sandbox]'")
    log = log_file()
    state_file().unlink(missing_ok=True)
    options |= {"token": token_hex(16), "state": str(state_file()), "log": str(log)}
    log.unlink(missing_ok=True)
    log.touch(mode=0o600)
    with log.open("w") as output:
        child = subprocess.Popen(
            [sys.executable, "-m", "reconciler.sandbox.server"],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            env=_environment() | {OPTIONS_VARIABLE: json.dumps(options)},
            start_new_session=True,
        )
    Thread(target=child.wait, daemon=True).start()  # it outlives us; if not, it shall be no zombie
    wait_until(lambda: child.poll() is not None or read_status().running, f"It did not start; see {log}.")
    if child.poll() is not None:
        lines = log.read_text().strip().splitlines()[-8:]
        raise SandboxError(
            "The embedded AWS ended as it started:\n  " + "\n  ".join(lines), f"The whole log: {log}"
        )
    return read_status()


def _environment() -> dict[str, str]:
    """Return this process's environment without settings of AWS and moto, with this package on PYTHONPATH."""
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("AWS_", "MOTO_"))}
    paths = [str(Path(__file__).parents[2]), os.environ.get("PYTHONPATH", "")]
    return environment | {"PYTHONPATH": os.pathsep.join(filter(None, paths))}


def wait_until(condition: Any, otherwise: str) -> None:
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
