"""Where a message may go, and how it goes there, by a receiver on this machine."""

import json
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest

from reconciler.watch.notify.addresses import choose_address
from reconciler.watch.notify.failure import Undeliverable
from reconciler.watch.notify.posting import open_pool, post


@pytest.fixture
def receiver() -> Iterator[ThreadingHTTPServer]:
    """Yield a server that answers with the status in the path, and keeps what it got."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            self.server.got.append((self.path, dict(self.headers), body))  # type: ignore[attr-defined]
            self.send_response(int(self.path.strip("/").partition("?")[0] or 200))
            self.send_header("Location", "/200")
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.got = []  # type: ignore[attr-defined]
    Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


def send(server, path="/200", **options):
    url = f"http://hooks.example:{server.server_port}{path}"
    post(url, b"{}", {"webhook-id": "msg_1"}, private=True, find=lambda _h, _p: ["127.0.0.1"], **options)


def test_a_body_arrives_at_the_address_that_was_checked_under_the_name_of_the_url(receiver):
    send(receiver, "/200?token=x")
    ((path, headers, body),) = receiver.got
    assert (path, body) == ("/200?token=x", b"{}")
    assert headers["Host"] == f"hooks.example:{receiver.server_port}"
    assert headers["webhook-id"] == "msg_1"
    assert headers["Content-Type"] == "application/json"


def test_no_proxy_of_the_environment_is_used(receiver, monkeypatch):
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
    send(receiver)
    assert len(receiver.got) == 1


@pytest.mark.parametrize(
    ("status", "again", "ends"),
    [
        (302, False, False),
        (307, False, False),
        (404, False, False),
        (410, False, True),
        (429, True, False),
        (500, True, False),
        (503, True, False),
    ],
)
def test_an_answer_says_whether_to_try_again_and_no_redirect_is_followed(receiver, status, again, ends):
    with pytest.raises(Undeliverable) as failed:
        send(receiver, f"/{status}")
    assert (failed.value.again, failed.value.ends) == (again, ends)
    assert len(receiver.got) == 1


def test_a_receiver_that_is_not_there_is_tried_again_and_no_secret_of_its_url_is_told(receiver):
    receiver.server_close()
    with pytest.raises(Undeliverable) as failed:
        send(receiver, "/T0/B0/secret")
    assert failed.value.again
    assert str(failed.value).startswith("the connection failed (")
    assert failed.value.__suppress_context__  # nor in a traceback
    assert failed.value.__cause__ is None


@pytest.mark.parametrize(
    "address",
    [
        "169.254.170.2",
        "169.254.169.254",
        "fd00:ec2::254",
        "fe80::1%eth0",
        "::ffff:169.254.169.254",
        "64:ff9b::a9fe:a9fe",
        "2002:a9fe:a9fe::1",
        "2001:0:101:101:0:0:5601:5601",
        "0.0.0.0",  # noqa: S104 - it is refused
        "::",
        "224.0.0.1",
        "255.255.255.255",
    ],
)
def test_addresses_that_give_away_credentials_are_refused_even_where_private_ones_are_allowed(address):
    with pytest.raises(Undeliverable):
        choose_address("hooks.example", 443, private=True, find=lambda _h, _p: [address])


@pytest.mark.parametrize(
    "address",
    ["127.0.0.1", "10.0.0.1", "192.168.1.1", "100.64.0.1", "::1", "fd12::1", "::ffff:a00:1", "64:ff9b::a00:1"],
)
def test_private_addresses_need_permission(address):
    with pytest.raises(Undeliverable, match="private"):
        choose_address("hooks.example", 443, private=False, find=lambda _h, _p: [address])
    assert choose_address("hooks.example", 443, private=True, find=lambda _h, _p: [address]) == address


def test_the_address_of_a_host_behind_a_nat64_is_one_to_send_to():
    found = choose_address("hooks.example", 443, private=False, find=lambda _h, _p: ["64:ff9b::101:101"])
    assert found == "64:ff9b::101:101"


def test_a_certificate_is_checked_for_the_name_in_the_url_and_not_for_the_address():
    with open_pool("https", "1.1.1.1", "hooks.example", 443) as pool:
        assert (pool.host, pool.assert_hostname, pool.cert_reqs) == (
            "1.1.1.1",
            "hooks.example",
            "CERT_REQUIRED",
        )
        assert pool.conn_kw["server_hostname"] == "hooks.example"


def test_one_bad_address_of_several_is_enough():
    with pytest.raises(Undeliverable):
        choose_address("hooks.example", 443, private=False, find=lambda _h, _p: ["1.1.1.1", "10.0.0.1"])


@pytest.mark.parametrize(
    "url",
    [
        "http://hooks.example/x",
        "ftp://hooks.example/x",
        "hooks.example/x",
        "https://:443/x",
        "https://u:p@h.example/",
        "https://hooks.example:x/",
        "https://hooks.example/a b",
        "https://hooks.example/\r\nX: y",
        "file:///etc",
    ],
)
def test_what_is_no_url_of_https_is_refused_before_anything_is_looked_up(url):
    asked: list[str] = []
    with pytest.raises(Undeliverable) as refused:
        post(url, b"{}", {}, find=lambda host, _p: [asked.append(host) or "1.1.1.1"])
    assert asked == []
    assert url not in str(refused.value)


def test_a_name_that_is_not_found_is_tried_again():
    def fail(_host, _port):
        raise OSError

    with pytest.raises(Undeliverable) as failed:
        choose_address("hooks.example", 443, private=False, find=fail)
    assert failed.value.again


def test_bodies_are_json(receiver):
    send(receiver)
    assert json.loads(receiver.got[0][2]) == {}
