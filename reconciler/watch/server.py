"""The server of the page, the metrics and the health checks: read only, and bounded in all that clients ask."""

import io
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler
from socketserver import TCPServer, ThreadingMixIn
from threading import BoundedSemaphore, Thread
from typing import Any

import structlog

from reconciler.errors import RunRefused
from reconciler.watch.answer import Answer, Respond, encode
from reconciler.watch.listen import Listen, may_ask
from reconciler.watch.request_head import PATIENCE, HeadTooLong, read_head

MOST_AT_ONCE = 16  # requests; each has a thread
log = structlog.get_logger()


class Server(ThreadingMixIn, TCPServer):
    """A server that answers `MOST_AT_ONCE` requests at a time, and hangs up on others."""

    allow_reuse_address = True
    daemon_threads = True
    request_queue_size = 32

    def __init__(self, listen: Listen, respond: Respond) -> None:
        found = socket.getaddrinfo(listen.host, listen.port, type=socket.SOCK_STREAM)
        self.address_family, *_, address = found[0]
        self.listen, self.respond = listen, respond
        self.places = BoundedSemaphore(MOST_AT_ONCE)
        super().__init__((str(address[0]), listen.port), Handler)

    @property
    def url(self) -> str:
        """Where a browser finds it."""
        host, port = map(str, self.server_address[:2])
        return f"http://{f'[{host}]' if ':' in host else host}:{port}/"

    def process_request(self, request: Any, client_address: Any) -> None:
        """Answer it in a thread, if there is a place for one."""
        if not self.places.acquire(blocking=False):
            self.shutdown_request(request)
            return
        try:
            super().process_request(request, client_address)
        except BaseException:
            self.places.release()
            raise

    def process_request_thread(self, request: Any, client_address: Any) -> None:
        """Answer it, in its thread."""
        try:
            super().process_request_thread(request, client_address)
        finally:
            self.places.release()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing: clients come and go as they like, and `Handler` logs what the answers do wrong."""


class Handler(BaseHTTPRequestHandler):
    """One request: the standard library parses its head, once that is there and known to be short."""

    server: Server
    timeout = PATIENCE  # of each read, and of a whole answer

    def handle(self) -> None:
        """Answer one request: no connection is kept."""
        self.command = ""
        try:
            head = read_head(self.connection)
        except HeadTooLong:
            self.send_error(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE)
            return
        self.connection.settimeout(PATIENCE)
        self.rfile = io.BufferedReader(io.BytesIO(head))
        self.handle_one_request()

    def parse_request(self) -> bool:
        """Tell whether the request may be answered; if not, it has been refused."""
        if not super().parse_request():
            return False
        if self.command not in {"GET", "HEAD"}:
            self.write(Answer(HTTPStatus.METHOD_NOT_ALLOWED, "read only\n", {"Allow": "GET, HEAD"}))
            return False
        hosts = self.headers.get_all("Host", [])
        if len(hosts) != 1 or not may_ask(hosts[0], self.server.listen):
            self.write(Answer(HTTPStatus.MISDIRECTED_REQUEST, "ask by IP address, or as localhost\n"))
            return False
        return True

    def do_GET(self) -> None:
        """Answer a GET or HEAD."""
        headers = {name.lower(): value for name, value in self.headers.items()}
        try:
            answer = self.server.respond(self.path.partition("?")[0], headers)
        except Exception:
            log.exception("page failed")
            answer = Answer(HTTPStatus.INTERNAL_SERVER_ERROR, "failed; the log says why\n")
        self.write(answer)

    do_HEAD = do_GET  # noqa: N815  the library's names

    def send_error(self, code: int, *_: Any) -> None:
        """Say what the number means: what the library says would hold its version and the client's words."""
        self.write(Answer(HTTPStatus(code), f"{HTTPStatus(code).phrase.lower()}\n"))

    def write(self, answer: Answer) -> None:
        """Send an answer."""
        self.close_connection = True
        self.wfile.write(encode(answer, self.date_time_string(), with_body=self.command != "HEAD"))

    def log_message(self, *_: Any) -> None:
        """Log nothing: a page that is left open asks every few seconds."""


@contextmanager
def serving(listen: Listen, respond: Respond) -> Iterator[Server]:
    """Answer requests within the block, in other threads. Raises `RunRefused` if the address is taken."""
    try:
        server = Server(listen, respond)
    except OSError as error:
        raise RunRefused(f"nothing can be served at {listen.host}:{listen.port}: {error.strerror}") from error
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.2}, name="page", daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
