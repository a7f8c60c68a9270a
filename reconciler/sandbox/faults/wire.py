"""Cut connections: before the work (reset), or after it, when only the answer is lost.

`inject` is for clients in this process, `faulty` for the server.
"""

import socket
from collections.abc import Callable, Iterable
from functools import partial
from io import BytesIO
from typing import Any
from urllib.parse import parse_qs

from botocore.exceptions import ConnectionClosedError
from moto.core.models import botocore_stubber

from reconciler.sandbox.faults.answers import FAULT_HEADER, Fault, cut_by_chance

Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


def inject(events: Any, choose: Callable[[str], Fault | None] = cut_by_chance) -> None:
    """Give the requests of a session or client (its `events`) the faults that `choose(operation)` returns."""
    events.register_first("before-send", partial(_send_with_fault, choose))


def _send_with_fault(choose: Callable[[str], Fault | None], request: Any, event_name: str, **_: Any) -> None:
    fault = choose(event_name.rpartition(".")[2])
    if fault is None:
        return
    if fault in ("throttled", "failed", "entries") or not botocore_stubber.enabled:
        request.headers[FAULT_HEADER] = fault  # `faults.answers` or the server makes the fault
        return
    if fault == "lost":
        botocore_stubber(event_name, request)
    raise ConnectionClosedError(endpoint_url=request.url)


def faulty(application: Application) -> Application:
    """Wrap the WSGI application: cut connections at the profile's rates, or as the header asks."""
    return partial(_serve_with_faults, application)


def _serve_with_faults(
    application: Application, environ: dict[str, Any], respond: Callable[..., Any]
) -> Iterable[bytes]:
    operation = _operation(environ)
    fault = environ.get(f"HTTP_{FAULT_HEADER.upper().replace('-', '_')}")
    fault = fault or (cut_by_chance(operation) if operation else None)
    if fault == "lost":
        _discard_answer(application, environ)
    if fault == "reset":
        _read_body(environ)  # or it would be taken for the next request
    if fault in ("lost", "reset"):
        environ["werkzeug.socket"].shutdown(socket.SHUT_RDWR)
        raise ConnectionResetError
    return application(environ, respond)


def _discard_answer(application: Application, environ: dict[str, Any]) -> None:
    """Process the request and drop the answer."""
    answer: Any = application(environ, lambda *_: None)
    b"".join(answer)
    if hasattr(answer, "close"):
        answer.close()


def _operation(environ: dict[str, Any]) -> str | None:
    """Return the operation of a request in AWS's JSON or query protocol, or None if it is neither."""
    if target := environ.get("HTTP_X_AMZ_TARGET"):
        return str(target).rpartition(".")[2]
    if not str(environ.get("CONTENT_TYPE", "")).startswith("application/x-www-form-urlencoded"):
        return None
    body = _read_body(environ)
    environ["wsgi.input"] = BytesIO(body)
    return next(iter(parse_qs(body.decode()).get("Action", [])), None)


def _read_body(environ: dict[str, Any]) -> bytes:
    body: bytes = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
    return body
