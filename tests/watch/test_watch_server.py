"""The server of a watch: read only, closed to pages of others, and bounded in all that clients ask."""

import socket
from contextlib import ExitStack
from http import HTTPStatus
from http.client import HTTPConnection

import pytest

from reconciler.errors import RunRefused
from reconciler.watch.answer import Answer
from reconciler.watch.board import LONGEST_TURN, make_board
from reconciler.watch.listen import Listen, may_ask, parse_listen
from reconciler.watch.metrics import make_metrics
from reconciler.watch.request_head import LONGEST_HEAD, HeadTooLong, read_head
from reconciler.watch.routes import make_routes
from reconciler.watch.server import MOST_AT_ONCE, serving
from reconciler.watch.status import Round, RoundOutcome, StackStatus

ANY = Listen("127.0.0.1", 0)
AT = "2026-11-28T10:12:21+00:00"


@pytest.fixture
def board():
    return make_board("0.9", AT, lambda: 0.0)


@pytest.fixture
def server(board):
    with serving(ANY, make_routes(board, make_metrics(board))) as found:
        yield found


def ask(server, path="/", method="GET", headers=None):
    connection = HTTPConnection(*server.server_address, timeout=30)
    connection.request(method, path, headers=headers or {})
    response = connection.getresponse()
    return response.status, dict(response.getheaders()), response.read().decode()


def send(server, request: bytes) -> bytes:
    """Return all that is answered to these bytes."""
    with socket.create_connection(server.server_address, timeout=30) as connection:
        connection.sendall(request)
        return b"".join(iter(lambda: connection.recv(65_536), b""))


@pytest.mark.parametrize("path", ["/", "/metrics", "/healthz", "/readyz", "/nothing", "/../etc/passwd", "//"])
def test_each_answer_may_run_nothing_load_nothing_and_be_kept_by_nobody(server, path):
    _, headers, _ = ask(server, path)
    assert headers["Content-Security-Policy"].startswith(
        "default-src 'none'; base-uri 'none'; form-action 'none'"
    )
    assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["Cache-Control"] == "no-store"
    assert "Server" not in headers


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS", "TRACE", "CONNECT", "get"])
def test_only_reading_is_answered(server, method):
    status, headers, _ = ask(server, "/", method)
    assert (status, headers["Allow"]) == (405, "GET, HEAD")


def test_head_is_a_get_without_a_body(server):
    _, got, body = ask(server)
    status, headers, nothing = ask(server, method="HEAD")
    assert (status, headers["Content-Length"], nothing) == (200, got["Content-Length"], "")
    assert len(body.encode()) == int(got["Content-Length"])


@pytest.mark.parametrize(
    "host", ["evil.example", "127.0.0.1.evil.example", "localhost.evil.example", "[::1", "", "a b"]
)
def test_a_page_that_lets_its_name_lead_here_reads_nothing(server, host):
    status, _, body = ask(server, "/metrics", headers={"Host": host})
    assert (status, "reconciler_" in body) == (421, False)


@pytest.mark.parametrize("host", ["127.0.0.1:8080", "localhost", "LOCALHOST:80", "[::1]:8080", "192.0.2.7"])
def test_no_page_has_an_ip_address_or_localhost_as_its_name(host):
    assert may_ask(host, ANY)


def test_an_open_server_also_answers_to_its_own_name():
    assert may_ask("drift.internal:80", Listen("drift.internal", 80))
    assert may_ask(socket.gethostname(), Listen("0.0.0.0", 80))  # noqa: S104  nothing listens
    assert not may_ask(f"not-{socket.gethostname()}", Listen("0.0.0.0", 80))  # noqa: S104


@pytest.mark.parametrize(
    ("request_", "status"),
    [
        (b"GET / HTTP/1.1\r\n\r\n", 421),
        (b"GET / HTTP/1.1\r\nHost: localhost\r\nHost: localhost\r\n\r\n", 421),
        (b"GET /\r\n\r\n", 421),
        (b"GET / HTTP/9.9\r\nHost: localhost\r\n\r\n", 505),
        (b"<script>alert(1)</script> x y\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nHost: localhost\r\nX: " + b"x" * LONGEST_HEAD + b"\r\n\r\n", 431),
        (b"GET / HTTP/1.1\r\nHost: localhost\r\n" + b"X: x\r\n" * 200 + b"\r\n", 431),
    ],
)
def test_what_is_no_request_is_refused_without_its_own_words_or_ours(server, request_, status):
    answer = send(server, request_).decode()
    assert answer.startswith(f"HTTP/1.1 {status} ")
    assert not [word for word in ("script>", "Python", "BaseHTTP", "0.9") if word in answer]


def test_a_client_that_dawdles_is_not_waited_for():
    ours, theirs = socket.socketpair()
    with ours, theirs:
        theirs.send(b"GET / HTTP/1.1\r\n")
        assert read_head(ours, patience=0) == b""
        assert read_head(ours, patience=0.001) == b""
        theirs.send(b"x" * (LONGEST_HEAD + 1))
        with pytest.raises(HeadTooLong):
            read_head(ours)
        theirs.close()
        assert read_head(ours) == b""


def test_so_many_are_answered_at_once_and_others_sent_away(server):
    with ExitStack() as held:
        for _ in range(MOST_AT_ONCE):
            held.enter_context(socket.create_connection(server.server_address)).sendall(b"GET / HT")
        with socket.create_connection(server.server_address, timeout=30) as one_more:
            assert one_more.recv(1) == b""
    for _ in range(MOST_AT_ONCE):  # each place is free again once its client has gone
        assert server.places.acquire(timeout=30)


def test_what_fails_is_logged_and_told_to_nobody():
    def fail(*_):
        raise ValueError("hunter2")

    with serving(ANY, fail) as server:
        status, headers, body = ask(server)
    assert (status, body) == (500, "failed; the log says why\n")
    assert "hunter2" not in str(headers)


def test_a_port_that_is_taken_is_refused_with_words(server):
    with (
        pytest.raises(RunRefused, match="nothing can be served at"),
        serving(Listen(*server.server_address), lambda *_: Answer(HTTPStatus.OK, "")),
    ):
        pass


def test_the_loop_may_turn_although_aws_fails(server, board):
    failed = Round(AT, 1, RoundOutcome.FAILED, error="Throttling")
    board.put(StackStatus("shop/dev/x", 300, rounds=(failed,)))
    assert ask(server, "/healthz")[0] == 200
    board.now = lambda: LONGEST_TURN + 1
    assert ask(server, "/healthz")[0] == 503
    board.turn()
    assert ask(server, "/healthz")[0] == 200


def test_it_is_ready_once_each_stack_had_its_first_round(server, board):
    board.put(StackStatus("shop/dev/x", 300))
    assert ask(server, "/readyz")[0] == 503
    board.put(StackStatus("shop/dev/x", 300, rounds=(Round(AT, 1, RoundOutcome.CLEAN),)))
    assert ask(server, "/readyz")[0] == 200


@pytest.mark.parametrize("text", ["127.0.0.1:8080", "localhost:0", "[::1]:8080", "127.9.9.9:1"])
def test_this_machine_may_be_listened_at(text):
    assert not parse_listen(text, unsafe=False).is_open


@pytest.mark.parametrize("text", ["0.0.0.0:8080", "[::]:80", "10.0.0.1:80", "drift.internal:80"])
def test_an_address_that_others_reach_needs_a_consent(text):
    with pytest.raises(RunRefused, match="--listen-unsafe"):
        parse_listen(text, unsafe=False)
    assert parse_listen(text, unsafe=True).is_open


@pytest.mark.parametrize(
    "text", ["8080", ":8080", "127.0.0.1", "127.0.0.1:99999", "::1:80", "a b:80", "http://x:1"]
)
def test_what_is_no_address_is_refused(text):
    with pytest.raises(RunRefused, match="no address to listen at"):
        parse_listen(text, unsafe=True)
