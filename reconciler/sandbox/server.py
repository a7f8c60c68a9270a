"""The server of the embedded AWS: moto's WSGI application, patched, beside a small API to manage it.

`launch` starts it. The API is GET /sandbox-api/status and POST /sandbox-api/reset, advance?seconds=60 and stop.
"""

import hmac
import json
import os
import random
import traceback
from collections.abc import Callable, Iterable
from pathlib import Path
from threading import Timer
from typing import Any
from urllib.parse import parse_qs

from moto.core.base_backend import BackendDict
from moto.moto_api._internal import mock_random
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, MotoRequestHandler, create_backend_app
from werkzeug.serving import BaseWSGIServer, make_server

from reconciler.sandbox import PROFILES, Clock, World, current, install, use
from reconciler.sandbox.faults.wire import faulty
from reconciler.sandbox.proof import OPTIONS_VARIABLE, prove
from reconciler.sandbox.without_ec2_data import before_moto
from reconciler.sandbox.world import call_lock

Respond = Callable[[str, list[tuple[str, str]]], Any]

# moto's handler, without a line for each request.
_QUIET = type("QuietHandler", (MotoRequestHandler,), {"log_request": lambda *_: None})


def main() -> None:
    """Serve until stopped, with the options that `launch` gives as JSON in a variable."""
    options = json.loads(os.environ.pop(OPTIONS_VARIABLE))
    before_moto()
    _seed(options["seed"])
    install(
        PROFILES[options["profile"]],
        clock=Clock(options["speed"]),
        seed=options["seed"],
        images=options["images"],
    )
    aws = faulty(DomainDispatcherApplication(create_backend_app))
    server: BaseWSGIServer

    def application(environ: dict[str, Any], respond: Respond) -> Iterable[bytes]:
        if environ["PATH_INFO"].startswith("/sandbox-api/"):
            return _manage(environ, respond, options["token"], server)
        return _call(aws, environ, respond)

    server = make_server("127.0.0.1", options["port"], application, threaded=True, request_handler=_QUIET)
    _write_state(Path(options["state"]), options | {"pid": os.getpid(), "port": server.server_port})
    server.serve_forever()


def _seed(seed: int) -> None:
    """Seed moto's and Python's random numbers: the same calls in the same order get the same ids."""
    mock_random.seed(seed)
    random.seed(seed)


def _write_state(state: Path, record: dict[str, Any]) -> None:
    """Write the state file, readable by the user alone, and in one step, so that nobody reads half of it."""
    new = state.with_suffix(".new")
    new.touch(mode=0o600)
    new.write_text(json.dumps(record))
    new.replace(state)


def _call(aws: Any, environ: dict[str, Any], respond: Respond) -> Iterable[bytes]:
    """Answer an AWS call. An exception in moto becomes a 500 in AWS's format instead of a page of HTML."""
    try:
        answer: Iterable[bytes] = aws(environ, respond)
    except ConnectionError:  # a cut of `faults.wire`: the client is gone
        raise
    except Exception as error:  # noqa: BLE001 - whatever it is, the client is told and the log has it
        traceback.print_exc()
        return _answer(
            respond, "500 Internal Server Error", {"__type": "InternalFailure", "message": repr(error)}
        )
    return answer


def _manage(environ: dict[str, Any], respond: Respond, token: str, server: BaseWSGIServer) -> Iterable[bytes]:
    action = environ["PATH_INFO"].rpartition("/")[2]
    nonce, proof = (environ.get(f"HTTP_X_SANDBOX_{name}", "") for name in ("NONCE", "PROOF"))
    if not hmac.compare_digest(proof.encode(), prove(token, "client", action, nonce).encode()):
        return _answer(respond, "403 Forbidden", {"message": "Another embedded AWS runs here."})
    if action != "status" and environ["REQUEST_METHOD"] != "POST":
        return _answer(respond, "405 Method Not Allowed", {"message": "POST it."})
    if action == "advance":
        current().clock.advance(float(parse_qs(environ["QUERY_STRING"]).get("seconds", ["0"])[0]))
    elif action == "reset":
        _reset()
    elif action == "stop":
        Timer(0.1, server.shutdown).start()  # when this answer has gone out
    own_proof = prove(token, "server", action, nonce)
    return _answer(respond, "200 OK", {"proof": own_proof, "pid": os.getpid(), "now": current().clock.now()})


def _answer(respond: Respond, status: str, body: dict[str, Any]) -> Iterable[bytes]:
    data = json.dumps(body).encode()
    respond(status, [("Content-Type", "application/json"), ("Content-Length", str(len(data)))])
    return [data]


def _reset() -> None:
    """Empty moto's backends and begin a new World with the same settings, whose random numbers begin anew."""
    with call_lock:
        BackendDict.reset()
        old = current()
        _seed(old.seed)
        use(World(Clock(old.clock.speed), old.profile, old.seed, old.images))


if __name__ == "__main__":
    main()
