"""Answers of the server, as data."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus

ALWAYS = {  # headers of every answer
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Connection": "close",
}


@dataclass(frozen=True)
class Answer:
    """An answer to a request."""

    status: HTTPStatus
    body: str
    headers: Mapping[str, str] = field(default_factory=dict)  # beside those of `ALWAYS`, or in their place


Respond = Callable[[str, Mapping[str, str]], Answer]  # given the path and the headers, in lower case, of a GET


def encode(answer: Answer, date: str, *, with_body: bool) -> bytes:
    """Return the bytes of an answer; `date` is that of HTTP."""
    body = answer.body.encode()
    length = {} if answer.status is HTTPStatus.NOT_MODIFIED else {"Content-Length": str(len(body))}
    headers = {"Content-Type": "text/plain; charset=utf-8", "Date": date, **ALWAYS, **length, **answer.headers}
    lines = [f"HTTP/1.1 {answer.status.value} {answer.status.phrase}"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    head = "\r\n".join([*lines, "", ""]).encode("latin-1")
    return head + body if with_body else head
