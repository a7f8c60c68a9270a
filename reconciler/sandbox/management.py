"""The API that manages the server: GET /sandbox-api/status, POST /sandbox-api/ and the name of an action.

Each request proves that it knows the server's token. Its body has the parameters as JSON: {"seconds": 60} for
`advance`, {"things": […], "account": "…"} for `given`, and {"parts": […], "account": "…", "region": "…"} for
`planted`. The others are `reset` and `stop`.
"""

import hmac
import json
import os
from collections.abc import Callable, Iterable, Mapping
from threading import Timer
from typing import Any

from reconciler.sandbox.given import give
from reconciler.sandbox.planted import plant
from reconciler.sandbox.proof import prove
from reconciler.sandbox.reset import reset
from reconciler.sandbox.world import current

PATH = "/sandbox-api/"
STOPS_AFTER = 0.1  # seconds, in which the answer goes out


def manage(
    token: str, shut_down: Callable[[], object], environ: dict[str, Any], respond: Callable[..., Any]
) -> Iterable[bytes]:
    """Answer a request, if it knows the token. `shut_down` ends the server."""
    action = environ["PATH_INFO"].removeprefix(PATH)
    nonce, proof = (environ.get(f"HTTP_X_SANDBOX_{name}", "") for name in ("NONCE", "PROOF"))
    if not hmac.compare_digest(proof.encode(), prove(token, "client", action, nonce).encode()):
        return _answer(respond, "403 Forbidden", {"message": "Another embedded AWS runs here."})
    actions: Mapping[str, Callable[..., object]] = {
        "advance": current().clock.advance,
        "reset": reset,
        "given": give,
        "planted": plant,
        "stop": Timer(STOPS_AFTER, shut_down).start,
    }
    if action != "status" and environ["REQUEST_METHOD"] != "POST":
        return _answer(respond, "405 Method Not Allowed", {"message": "POST it."})
    if action not in {"status", *actions}:
        return _answer(respond, "404 Not Found", {"message": f"There is no {action}."})
    if action != "status":
        actions[action](**json.loads(environ["wsgi.input"].read() or b"{}"))
    own_proof = prove(token, "server", action, nonce)
    return _answer(respond, "200 OK", {"proof": own_proof, "pid": os.getpid(), "now": current().clock.now()})


def _answer(respond: Callable[..., Any], status: str, body: dict[str, Any]) -> Iterable[bytes]:
    data = json.dumps(body).encode()
    respond(status, [("Content-Type", "application/json"), ("Content-Length", str(len(data)))])
    return [data]
