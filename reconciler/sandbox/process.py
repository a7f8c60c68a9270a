"""The embedded AWS as a background process: start, find, reset and stop it. Needs moto only to start.

There is one per user. A file in the user's state directory describes the running server. It is valid only if
the server at its address gives the token in it: the process id may have become that of another program.
"""

from dataclasses import asdict

from reconciler.sandbox.errors import SandboxError
from reconciler.sandbox.launch import launch, wait_until
from reconciler.sandbox.profile import PROFILES
from reconciler.sandbox.server_client import Status, ask_server, read_status
from reconciler.sandbox.state_file import (
    lock_state,
    read_record,
    state_file,
    warn_of_broken_file,
    warn_of_ended_server,
)

__all__ = ["SandboxError", "Status", "advance", "ensure_started", "reset", "start", "status", "stop"]


def start(
    profile: str = "calm", speed: float = 1.0, seed: int = 0, *, images: bool = True, port: int | None = None
) -> Status:
    """Start the server, unless it already runs with these settings, and return when it answers.

    Raises SandboxError if a server with other settings runs, or if none can be started.
    """
    if profile not in PROFILES:
        raise SandboxError(f"There is no profile {profile!r}.", f"Choose one of {', '.join(PROFILES)}.")
    wanted = {"profile": profile, "speed": speed, "seed": seed, "images": images}
    with lock_state():
        present = status()
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
    _post("reset")


def advance(seconds: float) -> None:
    """Let this many seconds of the server's virtual time pass at once. Raises SandboxError if none runs."""
    _post(f"advance?seconds={seconds}")


def _post(path: str) -> None:
    record = read_record()
    if record is None or ask_server(record, path, post=True) is None:
        raise SandboxError("The embedded AWS is not running.", "Start it: sandbox start.")


def stop() -> bool:
    """Stop the server; its contents are lost. Return whether one ran."""
    with lock_state():
        warn_of_broken_file()
        record = read_record()
        ran = record is not None and ask_server(record, "status") is not None
        if record is not None and ran:
            ask_server(record, "stop", post=True)
            wait_until(lambda: ask_server(record, "status") is None, f"Process {record['pid']} does not end.")
        state_file().unlink(missing_ok=True)
    return ran
