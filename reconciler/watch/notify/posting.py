"""POST a body to a URL: to a checked address, without redirects and proxies, within bounded time.

urllib3 is botocore's own HTTP library. It connects to the address, and checks the certificate by the name.
"""

from collections.abc import Mapping
from urllib.parse import urlsplit

from urllib3 import HTTPConnectionPool, HTTPSConnectionPool, Timeout
from urllib3.exceptions import HTTPError, NewConnectionError
from urllib3.exceptions import TimeoutError as NoAnswer

from reconciler.watch.notify.addresses import LookUp, choose_address, look_up
from reconciler.watch.notify.failure import Undeliverable

TIMEOUT = Timeout(connect=5, read=10)  # seconds
GONE = 410
LATER = (408, 425, 429)  # besides 5xx
_PORTS = {"http": 80, "https": 443}
_AGENT = "ecs-reconciler"


def post(
    url: str, body: bytes, headers: Mapping[str, str], *, private: bool = False, find: LookUp = look_up
) -> None:
    """Send a body of JSON. `private` allows private addresses, and without TLS too.

    Raises `Undeliverable` if it does not arrive: with `again` on a time-out, 5xx and "too many".
    """
    scheme, host, port, target = _take_apart(url, private=private)
    address = choose_address(host, port, private=private, find=find)
    sent = {
        "Content-Type": "application/json",
        "User-Agent": _AGENT,
        "Host": _host_header(host, port, scheme),
        **headers,
    }
    with open_pool(scheme, address, host, port) as pool:
        try:
            response = pool.urlopen(
                "POST",
                target,
                body,
                sent,
                retries=False,
                redirect=False,
                assert_same_host=False,
                timeout=TIMEOUT,
                preload_content=False,
            )
        except HTTPError as error:  # which holds the URL, so that it is no cause
            raise Undeliverable(_tell(error), again=True) from None
        response.close()  # what it says is of no use, and may be long
    _judge(response.status)


def _take_apart(url: str, *, private: bool) -> tuple[str, str, int, str]:
    """Return scheme, host, port, and path with query. Raises `Undeliverable` if this is no URL to send to."""
    try:
        parts = urlsplit(url.strip())
        port = parts.port or _PORTS.get(parts.scheme, 0)
    except ValueError:
        raise Undeliverable("the URL is not one") from None  # the error shows it
    allowed = ("https", "http") if private else ("https",)
    if parts.scheme not in allowed or not parts.hostname:
        raise Undeliverable(f"the URL does not begin with {' or '.join(f'{s}://' for s in allowed)} and a host")
    if parts.username or parts.password:
        raise Undeliverable("the URL holds a name and a password, which are not sent")
    target = f"{parts.path or '/'}{f'?{parts.query}' if parts.query else ''}"
    if any(ord(c) <= ord(" ") or ord(c) > ord("~") for c in target):
        raise Undeliverable("the URL holds characters that have to be escaped")
    return parts.scheme, parts.hostname, port, target


def _host_header(host: str, port: int, scheme: str) -> str:
    name = f"[{host}]" if ":" in host else host
    return name if port == _PORTS[scheme] else f"{name}:{port}"


def open_pool(scheme: str, address: str, host: str, port: int) -> HTTPConnectionPool:
    """Return a pool for this address, whose certificate has to be for the host."""
    if scheme == "https":
        return HTTPSConnectionPool(
            address,
            port,
            cert_reqs="CERT_REQUIRED",
            assert_hostname=host,
            server_hostname=host,
            maxsize=1,
        )
    return HTTPConnectionPool(address, port, maxsize=1)


def _tell(error: HTTPError) -> str:
    if isinstance(error, NoAnswer) and not isinstance(error, NewConnectionError):  # urllib3 2.8: a time-out too
        return "it did not answer in time"
    return f"the connection failed ({type(error).__name__})"


def _judge(status: int) -> None:
    if 200 <= status < 300:  # noqa: PLR2004 - HTTP's
        return
    if status == GONE:
        raise Undeliverable("it answered 410: the receiver wants no more messages", ends=True)
    again = status >= 500 or status in LATER  # noqa: PLR2004 - HTTP's
    raise Undeliverable(f"it answered {status}", again=again)
