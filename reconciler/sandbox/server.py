"""The server of the embedded AWS: moto's WSGI application, patched, behind the gate. `launch` starts it."""

import json
import os
import socket
import traceback
from collections.abc import Callable, Iterable
from functools import lru_cache, partial
from typing import Any

from botocore.model import OperationNotFoundError
from moto.moto_server import werkzeug_app
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, MotoRequestHandler, create_backend_app
from werkzeug.serving import make_server

from reconciler.sandbox import PROFILES, Clock, install
from reconciler.sandbox.aws_error import Refused, write_refusal
from reconciler.sandbox.faults.wire import faulty
from reconciler.sandbox.gate import Application, guard, look_at
from reconciler.sandbox.management import manage
from reconciler.sandbox.proof import OPTIONS_VARIABLE
from reconciler.sandbox.reset import seed_random
from reconciler.sandbox.without_ec2_data import before_moto

# moto's handler, without a line for each request.
_QUIET = type("QuietHandler", (MotoRequestHandler,), {"log_request": lambda *_: None})


def main() -> None:
    """Serve until stopped, with the options that `launch` gives as JSON in a variable.

    The port is told to `launch`, through the socket that it has left open, and nothing is served until it
    answers: if it has gone, nobody would find this server.
    """
    options = json.loads(os.environ.pop(OPTIONS_VARIABLE))
    _set_up(options)
    server = make_server("127.0.0.1", options["port"], None, threaded=True, request_handler=_QUIET)
    server.app = application(options["token"], server.shutdown)
    with socket.socket(fileno=options["socket"]) as launcher:
        launcher.sendall(f"{server.server_port}\n".encode())
        if not launcher.recv(1):
            return
    server.serve_forever()


def _set_up(options: dict[str, Any]) -> None:
    before_moto()
    seed_random(options["seed"])
    profile, clock = PROFILES[options["profile"]], Clock(options["speed"])
    install(profile, clock=clock, seed=options["seed"], images=options["images"])


def application(token: str, shut_down: Callable[[], object]) -> Application:
    """Return the whole application, from the gate to moto."""
    werkzeug_app.DISABLE_GLOBAL_CORS = True  # or moto lets every web page read every answer
    dispatcher = DomainDispatcherApplication(create_backend_app)
    # moto lists its own folder at each call, which took a quarter of the server's time.
    dispatcher.get_backend_for_host = lru_cache(dispatcher.get_backend_for_host)
    aws = faulty(partial(_call, dispatcher))
    return guard(aws, partial(manage, token, shut_down))


def _call(aws: Application, environ: dict[str, Any], respond: Callable[..., Any]) -> Iterable[bytes]:
    """Answer an AWS call. An exception in moto becomes an error in AWS's format instead of a page of HTML.

    A call that botocore's models here do not have, such as one of a newer client, is refused, and not with a
    500 that the client would repeat.
    """
    try:
        return aws(environ, respond)
    except OperationNotFoundError as unknown:
        refused = Refused("UnknownOperationException", f"The embedded AWS does not know this call: {unknown}")
    except Exception as error:  # noqa: BLE001 - whatever it is, the client is told and the log has it
        traceback.print_exc()
        refused = Refused("InternalFailure", repr(error), 500)
    request = look_at(environ)
    return write_refusal(refused, request.service, request.form, respond)


if __name__ == "__main__":
    main()
