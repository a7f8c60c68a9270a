"""The embedded AWS's process: moto's application with what this package teaches it, and a door for its keeper.

Started by `process`, with its options as JSON. GET /sandbox-api/status, POST reset, advance?seconds=60, stop.
"""

import json
import os
import random
import sys
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
from reconciler.sandbox.light import before_moto
from reconciler.sandbox.world import turn

Respond = Callable[[str, list[tuple[str, str]]], Any]

# moto's handler, without a line for each request.
_QUIET = type("QuietHandler", (MotoRequestHandler,), {"log_request": lambda *_: None})


def main(arguments: list[str]) -> None:
    """Serve until stopped. `arguments`: one, the options as JSON (as `process` sends them)."""
    options = json.loads(arguments[0])
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
            return _keep(environ, respond, options["token"], server)
        return _answered(aws, environ, respond)

    server = make_server("127.0.0.1", options["port"], application, threaded=True, request_handler=_QUIET)
    _write(Path(options["state"]), options | {"pid": os.getpid(), "port": server.server_port})
    server.serve_forever()


def _seed(seed: int) -> None:
    """The same ids again, of the same calls in the same order: of moto's chance and of Python's own."""
    mock_random.seed(seed)
    random.seed(seed)


def _write(state: Path, told: dict[str, Any]) -> None:
    """At once or not at all, and for the user alone."""
    new = state.with_suffix(".new")
    new.touch(mode=0o600)
    new.write_text(json.dumps(told))
    new.replace(state)


def _answered(aws: Any, environ: dict[str, Any], respond: Respond) -> Iterable[bytes]:
    """A fault of moto's own is a 500 in the client's format, not a page."""
    try:
        answer: Iterable[bytes] = aws(environ, respond)
    except ConnectionError:  # one of `faults_wire`: there is nobody to tell
        raise
    except Exception as error:  # noqa: BLE001 - whatever it is, the client is told and the log has it
        traceback.print_exc()
        return _answer(
            respond, "500 Internal Server Error", {"__type": "InternalFailure", "message": repr(error)}
        )
    return answer


def _keep(environ: dict[str, Any], respond: Respond, token: str, server: BaseWSGIServer) -> Iterable[bytes]:
    action = environ["PATH_INFO"].rpartition("/")[2]
    if environ.get("HTTP_X_SANDBOX_TOKEN") != token:
        return _answer(respond, "403 Forbidden", {"message": "Another embedded AWS runs here."})
    if action != "status" and environ["REQUEST_METHOD"] != "POST":
        return _answer(respond, "405 Method Not Allowed", {"message": "POST it."})
    if action == "advance":
        current().clock.advance(float(parse_qs(environ["QUERY_STRING"]).get("seconds", ["0"])[0]))
    elif action == "reset":
        _reset()
    elif action == "stop":
        Timer(0.1, server.shutdown).start()  # when this answer has gone out
    return _answer(respond, "200 OK", {"token": token, "pid": os.getpid(), "now": current().clock.now()})


def _answer(respond: Respond, status: str, body: dict[str, Any]) -> Iterable[bytes]:
    data = json.dumps(body).encode()
    respond(status, [("Content-Type", "application/json"), ("Content-Length", str(len(data)))])
    return [data]


def _reset() -> None:
    """An empty AWS and a new world of the same kind: the same seed brings the same chance again."""
    with turn:
        BackendDict.reset()
        old = current()
        _seed(old.seed)
        use(World(Clock(old.clock.speed), old.profile, old.seed, old.images))


if __name__ == "__main__":
    main(sys.argv[1:])
