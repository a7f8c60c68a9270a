"""The embedded AWS as a background process: start, find, reset and stop it. Needs moto only to start.

There is one per user. A file in the user's state directory describes the running server. It is valid only if
the server at its address gives the token in it: the process id may have become that of another program.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from reconciler.sandbox.errors import SandboxError
from reconciler.sandbox.launch import launch, wait_until
from reconciler.sandbox.profile import PROFILES
from reconciler.sandbox.server_client import Status, ask_server, read_status
from reconciler.sandbox.state_directory import remove_from_state
from reconciler.sandbox.state_file import (
    STATE,
    lock_state,
    log_file,
    read_record,
    server_lives,
    warn_of_broken_file,
    warn_of_ended_server,
)

__all__ = ["SandboxError", "Status", "advance", "ensure_started", "reset", "start", "status", "stop"]


MAX_SPEED = 1e5  # simulated seconds per real second: more than a day
MAX_ADVANCE = 1e9  # seconds: thirty years
FIRST_PORT, LAST_PORT = 1024, 65535


def start(
    profile: str = "calm", speed: float = 1.0, seed: int = 0, *, images: bool = True, port: int | None = None
) -> Status:
    """Start the server, unless it already runs with these settings, and return when it answers.

    Raises SandboxError if a server with other settings runs, or if none can be started.
    """
    wanted = {"profile": profile, "speed": speed, "seed": seed, "images": images}
    _require_settings(profile, speed, port)
    with lock_state():
        present = _find_answering()
        if not present.running:
            warn_of_ended_server()
            return launch(wanted | {"port": port or 0})
    wanted |= {"port": present.port if port is None else port}
    runs = asdict(present) | {"port": present.port}
    if differs := [
        f"{k} {_format_setting(runs[k])}, not {_format_setting(v)}" for k, v in wanted.items() if runs[k] != v
    ]:
        message = f"The embedded AWS is already running at {present.endpoint}, with other settings: {'; '.join(differs)}."
        raise SandboxError(message, "Stop it first (sandbox stop); its contents are lost then.")
    return present


def _require_settings(profile: str, speed: float, port: int | None) -> None:
    if profile not in PROFILES:
        raise SandboxError(f"There is no profile {profile!r}.", f"Choose one of {', '.join(PROFILES)}.")
    if not 0 <= speed <= MAX_SPEED:
        raise SandboxError(
            f"{speed} is no speed.", f"Choose 0, at which time stands still, to {MAX_SPEED:.0f}."
        )
    if port is not None and not FIRST_PORT <= port <= LAST_PORT:
        raise SandboxError(f"{port} is no port.", f"Choose one from {FIRST_PORT} to {LAST_PORT}, or none.")


def _find_answering() -> Status:
    """Return the status of a server that answers; wait for one that lives. Raises SandboxError if not."""
    present = status()
    if not present.running and server_lives():
        busy = f"The embedded AWS runs, but does not answer; its log: {log_file()}."
        wait_until(lambda: status().running or not server_lives(), busy)
        return status()
    return present


def _format_setting(value: object) -> str:
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else str(value)


def ensure_started() -> str:
    """Return the endpoint of the running server, whatever its settings; start a calm one if none runs."""
    present = status()
    return str((present if present.running else start()).endpoint)


def status() -> Status:
    """Return the status of the server."""
    return read_status()


def reset() -> None:
    """Empty the server, as if it were newly started. Raises SandboxError if none runs."""
    _post("reset", {})


def advance(seconds: float) -> None:
    """Let this many seconds of the server's virtual time pass at once. Raises SandboxError if none runs."""
    if not 0 <= seconds <= MAX_ADVANCE:
        raise SandboxError(f"Time cannot advance by {seconds} seconds.", f"Choose 0 to {MAX_ADVANCE:.0f}.")
    _post("advance", {"seconds": seconds})


def give(things: Collection[str], account: str | None) -> None:
    """Let the server have what a file names: ARNs of certificates, images elsewhere, and the account.

    It keeps the things until it is reset, and the account until another is named. Raises SandboxError if none
    runs.
    """
    _post("given", {"things": [*things], "account": account})


def plant(parts: Sequence[Mapping[str, Any]], account: str | None, region: str) -> None:
    """Let the server have what a file says exists already. Raises SandboxError if none runs."""
    if parts:
        _post("planted", {"parts": parts, "account": account, "region": region})


def _post(action: str, params: Mapping[str, Any]) -> None:
    record = read_record()
    if record is None or ask_server(record, action, params) is None:
        if status().running:
            raise SandboxError(f"The embedded AWS has failed at this: {action}.", f"See its log: {log_file()}.")
        raise SandboxError("The embedded AWS is not running.", "Start it: sandbox start.")


def stop() -> bool:
    """Stop the server; its contents are lost. Return whether one ran."""
    with lock_state():
        warn_of_broken_file()
        record = read_record()
        ran = record is not None and _find_answering().running
        if record is not None and ran:
            ask_server(record, "stop", {})
            wait_until(lambda: not _answers(record), f"Process {record['pid']} does not end.")
        remove_from_state(STATE)
    return ran


def _answers(record: dict[str, Any]) -> bool:
    return server_lives() or ask_server(record, "status") is not None
