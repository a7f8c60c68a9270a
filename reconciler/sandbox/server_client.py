"""Requests to the server of the embedded AWS under /sandbox-api/, beside the AWS calls that it answers."""

import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass
from http.client import HTTPException
from secrets import token_hex
from typing import Any
from urllib.error import URLError
from urllib.request import ProxyHandler, Request, build_opener

from reconciler.sandbox.proof import prove
from reconciler.sandbox.state_file import read_record

ANSWERS_WITHIN = 10.0  # seconds
_direct = build_opener(ProxyHandler({}))  # the server is on this machine: no proxy of the environment


@dataclass(frozen=True)
class Status:
    """The status of the server. If none runs, every field but `running` is None."""

    running: bool = False
    endpoint: str | None = None
    pid: int | None = None
    profile: str | None = None
    speed: float | None = None
    seed: int | None = None
    images: bool | None = None
    log: str | None = None

    @property
    def port(self) -> int:
        """The port of the endpoint of a running server."""
        return int(str(self.endpoint).rpartition(":")[2])


def read_status() -> Status:
    """Read the state file and ask the server in it. `running` is false if that server does not answer."""
    record = read_record()
    if record is None or ask_server(record, "status") is None:
        return Status()
    names = ("pid", "profile", "speed", "seed", "images", "log")
    return Status(running=True, endpoint=_endpoint(record), **{name: record[name] for name in names})


def ask_server(
    record: dict[str, Any], action: str, params: Mapping[str, Any] | None = None
) -> dict[str, Any] | None:
    """Return the server's JSON answer; None if no server answers, or one that does not know the token.

    Every action but `status` has params, which may be empty.
    """
    token, nonce = record["token"], token_hex(16)
    headers = {"X-Sandbox-Nonce": nonce, "X-Sandbox-Proof": prove(token, "client", action, nonce)}
    url, body = f"{_endpoint(record)}/sandbox-api/{action}", None
    if params is not None:
        body, headers["Content-Type"] = json.dumps(params).encode(), "application/json"
    request = Request(url, body, headers)  # noqa: S310
    try:
        with _direct.open(request, timeout=ANSWERS_WITHIN) as response:
            answer = json.load(response)
    except (URLError, HTTPException, OSError, ValueError):
        return None
    proof = str(answer.get("proof")) if isinstance(answer, dict) else ""
    return (
        answer if hmac.compare_digest(proof.encode(), prove(token, "server", action, nonce).encode()) else None
    )


def _endpoint(record: dict[str, Any]) -> str:
    return f"http://127.0.0.1:{record['port']}"
