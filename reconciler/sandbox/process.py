"""The embedded AWS as a background process: start, find, reset and stop it. Needs moto only to start.

One per user. What runs is written in a file of the user's state directory, and believed only if the server at that
address gives the token of that file: a process id may have become another program's.
"""

import fcntl
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from http.client import HTTPException
from importlib.util import find_spec
from pathlib import Path
from secrets import token_hex
from threading import Thread
from typing import Any
from urllib.error import URLError
from urllib.request import ProxyHandler, Request, build_opener

from tenacity import RetryError, Retrying, retry_if_result, stop_after_delay, wait_fixed

from reconciler.sandbox.profile import PROFILES

PATIENCE = 20.0  # seconds for a start or a stop
_direct = build_opener(ProxyHandler({}))  # no proxy of the environment stands before this machine


class SandboxError(Exception):
    """What went wrong with the embedded AWS, and what to do about it."""

    def __init__(self, message: str, remedy: str = "") -> None:
        super().__init__(f"{message}\n{remedy}" if remedy else message)
        self.message = message
        self.remedy = remedy


@dataclass(frozen=True)
class Status:
    """What runs. All None but `running` where nothing does."""

    running: bool = False
    endpoint: str | None = None
    pid: int | None = None
    profile: str | None = None
    speed: float | None = None
    seed: int | None = None
    images: bool | None = None
    log: str | None = None


def start(
    profile: str = "calm", speed: float = 1.0, seed: int = 0, *, images: bool = True, port: int | None = None
) -> Status:
    """Start it, unless it is already running with these settings. Returns when it answers."""
    if profile not in PROFILES:
        raise SandboxError(f"There is no profile {profile!r}.", f"Choose one of {', '.join(PROFILES)}.")
    wanted = {"profile": profile, "speed": speed, "seed": seed, "images": images}
    with _lock():
        present = status()
        if not present.running:
            _tell_of_the_last()
            return _launch(wanted | {"port": port or 0})
    wanted |= {"port": _port(present) if port is None else port}
    runs = asdict(present) | {"port": _port(present)}
    if differs := [f"{k} {_word(runs[k])}, not {_word(v)}" for k, v in wanted.items() if runs[k] != v]:
        said = f"The embedded AWS is already running at {present.endpoint}, with other settings: {'; '.join(differs)}."
        raise SandboxError(said, "Stop it first (sandbox stop); its contents are lost then.")
    return present


def _word(value: object) -> str:
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else str(value)


def ensure_started() -> str:
    """The endpoint of the one that runs, in whatever way; of a calm one if none does."""
    present = status()
    return str((present if present.running else start()).endpoint)


def status() -> Status:
    written = _written()
    if written is None or _ask(written, "status") is None:
        return Status()
    names = ("pid", "profile", "speed", "seed", "images", "log")
    return Status(running=True, endpoint=_endpoint(written), **{name: written[name] for name in names})


def reset() -> None:
    """Empty it, as if newly started."""
    written = _written()
    if written is None or _ask(written, "reset", post=True) is None:
        raise SandboxError("The embedded AWS is not running.", "Start it: sandbox start.")


def advance(seconds: float) -> None:
    """Let this much of its time pass at once."""
    written = _written()
    if written is None or _ask(written, f"advance?seconds={seconds}", post=True) is None:
        raise SandboxError("The embedded AWS is not running.", "Start it: sandbox start.")


def stop() -> bool:
    """Stop it, and lose what is in it. False: it did not run."""
    with _lock():
        _tell_of_a_broken_file()
        written = _written()
        found = written is not None and _ask(written, "status") is not None
        if written is not None and found:
            _ask(written, "stop", post=True)
            _wait_until(lambda: _ask(written, "status") is None, f"Process {written['pid']} does not end.")
        _state_file().unlink(missing_ok=True)
    return found


def state_directory() -> Path:
    base = os.environ.get("XDG_STATE_HOME") or str(Path.home() / ".local" / "state")
    return Path(os.environ.get("RECONCILER_STATE_DIR") or f"{base}/ecs-reconciler")


def _state_file() -> Path:
    return state_directory() / "sandbox.json"


@contextmanager
def _lock() -> Iterator[None]:
    """One start or stop at a time."""
    try:
        state_directory().mkdir(parents=True, exist_ok=True)
        file = (state_directory() / "sandbox.lock").open("w")
    except OSError as error:
        said = f"The state directory {state_directory()} cannot be written: {error.strerror}."
        raise SandboxError(said, "Set RECONCILER_STATE_DIR to one that can.") from error
    with file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _written() -> dict[str, Any] | None:
    try:
        written = json.loads(_state_file().read_text())
    except (OSError, ValueError):
        return None
    known = isinstance(written, dict) and {"pid", "port", "token"} <= written.keys()
    return written if known else None


def _tell_of_the_last() -> None:
    """Whoever had something in one that ended by itself learns that it is lost, and why; its log is kept."""
    _tell_of_a_broken_file()
    if written := _written():
        log = state_directory() / "sandbox.log"
        kept = log.with_name("sandbox.log.old")
        if log.exists():
            log.replace(kept)
        _tell(
            f"The embedded AWS (pid {written['pid']}) ended unexpectedly; what was in it is lost. Its log: {kept}"
        )


def _tell_of_a_broken_file() -> None:
    if _state_file().exists() and _written() is None:
        _tell(
            f"{_state_file()} does not say which embedded AWS runs: it is broken, and ignored. One that still runs "
            "is not found again: look for it with pgrep -f reconciler.sandbox.server, and end it by hand."
        )


def _tell(words: str) -> None:
    sys.stderr.write(f"{words}\n")


def _ask(written: dict[str, Any], path: str, *, post: bool = False) -> dict[str, Any] | None:
    """What our server says. None: nobody answers there, or somebody else does."""
    url = f"{_endpoint(written)}/sandbox-api/{path}"
    request = Request(url, method="POST" if post else "GET", headers={"X-Sandbox-Token": written["token"]})  # noqa: S310
    try:
        with _direct.open(request, timeout=10) as answer:
            said = json.load(answer)
    except (URLError, HTTPException, OSError, ValueError):
        return None
    return said if isinstance(said, dict) and said.get("token") == written["token"] else None


def _endpoint(written: dict[str, Any]) -> str:
    return f"http://127.0.0.1:{written['port']}"


def _port(present: Status) -> int:
    return int(str(present.endpoint).rpartition(":")[2])


def _launch(options: dict[str, Any]) -> Status:
    if find_spec("moto") is None or find_spec("flask") is None:
        said = "The embedded AWS needs moto, which is not installed."
        raise SandboxError(said, "Install it: pip install 'ecs-reconciler[sandbox]'")
    log = state_directory() / "sandbox.log"
    _state_file().unlink(missing_ok=True)
    options |= {"token": token_hex(8), "state": str(_state_file()), "log": str(log)}
    with log.open("w") as output:
        child = subprocess.Popen(
            [sys.executable, "-m", "reconciler.sandbox.server", json.dumps(options)],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            env=_environment(),
            start_new_session=True,
        )
    Thread(target=child.wait, daemon=True).start()  # it outlives us; if not, it shall be no zombie
    _wait_until(lambda: child.poll() is not None or status().running, f"It did not start; see {log}.")
    if child.poll() is not None:
        lines = log.read_text().strip().splitlines()[-8:]
        raise SandboxError(
            "The embedded AWS ended as it started:\n  " + "\n  ".join(lines), f"The whole log: {log}"
        )
    return status()


def _environment() -> dict[str, str]:
    """Nothing of the user's AWS or moto reaches the server; it finds this package wherever it is started."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("AWS_", "MOTO_"))}
    paths = [str(Path(__file__).parents[2]), os.environ.get("PYTHONPATH", "")]
    return kept | {"PYTHONPATH": os.pathsep.join(filter(None, paths))}


def _wait_until(condition: Any, otherwise: str) -> None:
    waiting = Retrying(
        retry=retry_if_result(lambda met: not met), stop=stop_after_delay(PATIENCE), wait=wait_fixed(0.05)
    )
    try:
        waiting(condition)
    except RetryError as error:
        raise SandboxError(otherwise) from error
