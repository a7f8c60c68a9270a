"""The gate before the server: what a web page can send does not pass, nor what is for a service that is closed.

A page that is open in the user's browser can send requests to any port of this machine. It can neither leave
out what tells of a browser nor sign a request, which takes a header that needs the server's consent (CORS), and
the server consents to nothing. A name that an attacker has pointed to this machine (DNS rebinding) is refused.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from io import BytesIO
from typing import Any
from urllib.parse import parse_qs

from reconciler.sandbox.aws_error import Refused, write_refusal
from reconciler.sandbox.management import PATH
from reconciler.sandbox.served import SERVED, is_served

Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]

OF_BROWSERS = ("HTTP_ORIGIN", "HTTP_SEC_FETCH_SITE")  # no AWS client sends them
# Any port may follow: a forwarded one is fine. Clients set Cloud Map's `data-` before the host of instances.
LOOPBACK = re.compile(r"(data-)?(127\.0\.0\.1|localhost|\[::1\])(:\d+)?")
MAX_BODY = 16 * 2**20  # bytes: the largest request of the services, BatchWriteItem of DynamoDB
SIGNED = re.compile(
    r"AWS4-HMAC-SHA256 +Credential=[^/\s,]+/\d{8}/[a-z0-9-]+/(?P<service>[a-z0-9-]+)/aws4_request,.+"
)


@dataclass(frozen=True)
class Request:
    """What the gate looks at."""

    path: str
    service: str  # that it is signed for; empty: it is not signed
    target: str
    form: bytes  # the query, and the body of a query protocol's request


def guard(aws: Application, management: Application) -> Application:
    """Return the application that passes on what may come in, to `management` what is under /sandbox-api/."""

    def guarded(environ: dict[str, Any], respond: Callable[..., Any]) -> Iterable[bytes]:
        refused = _find_intruder(environ) or _read_body(environ)
        if refused is None and environ["PATH_INFO"].startswith(PATH):
            return management(environ, respond)
        request = look_at(environ)
        if refused := refused or _find_closed(request):
            return write_refusal(refused, request.service, request.form, respond)
        return aws(environ, respond)

    return guarded


def _find_intruder(environ: dict[str, Any]) -> Refused | None:
    """Return why a request is none of a program of this machine."""
    if any(name in environ for name in OF_BROWSERS) or environ["REQUEST_METHOD"] == "OPTIONS":
        return Refused("AccessDenied", "The embedded AWS answers no web page.", 403)
    if not LOOPBACK.fullmatch(environ.get("HTTP_HOST", "").lower()):
        return Refused("AccessDenied", "The embedded AWS answers at 127.0.0.1 and localhost only.", 403)
    return None


def _read_body(environ: dict[str, Any]) -> Refused | None:
    """Read the body, for all that come after; return why it is too large, or of a length that is not told."""
    length = environ.get("CONTENT_LENGTH") or "0"
    if "HTTP_TRANSFER_ENCODING" in environ or not re.fullmatch(r"\d{1,9}", length):
        return Refused("MissingContentLength", "You must provide the Content-Length HTTP header.", 411)
    if int(length) > MAX_BODY:
        return Refused("RequestEntityTooLarge", f"A request has at most {MAX_BODY} bytes.", 413)
    environ["wsgi.input"] = BytesIO(environ["wsgi.input"].read(int(length)))
    return None


def look_at(environ: dict[str, Any]) -> Request:
    """Return what tells of a request whose body has been read: the service, and what its protocol shows in."""
    signed = SIGNED.fullmatch(environ.get("HTTP_AUTHORIZATION", ""))
    body, form = environ["wsgi.input"], environ["QUERY_STRING"].encode()
    if isinstance(body, BytesIO) and "x-www-form-urlencoded" in environ.get("CONTENT_TYPE", ""):
        form += b"&" + body.getvalue()
    return Request(
        path=environ["PATH_INFO"],
        service=signed["service"] if signed else "",
        target=environ.get("HTTP_X_AMZ_TARGET", ""),
        form=form,
    )


def _find_closed(request: Request) -> Refused | None:
    """Return why a request is none to a service that is open."""
    if not request.service:
        return Refused("MissingAuthenticationToken", "Request is missing Authentication Token", 403)
    versions = parse_qs(request.form.decode("utf-8", "replace")).get("Version", [])
    version = ",".join({*versions})
    if not is_served(request.service, request.path, request.target, version):
        of_it = (request.path, request.target, version) if request.service in SERVED else ()
        asked = " ".join(filter(None, (request.service, *of_it)))
        served = ", ".join(SERVED)
        return Refused(
            "UnknownOperationException", f"The embedded AWS does not serve {asked}. It serves {served}."
        )
    return None
