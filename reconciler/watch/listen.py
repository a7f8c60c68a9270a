"""Where the page is served, and by which names a browser may ask for it."""

import ipaddress
import re
import socket
from dataclasses import dataclass

from reconciler.errors import RunRefused

_ADDRESS = re.compile(r"(?:\[(?P<v6>[0-9A-Fa-f:.]+)\]|(?P<host>[^:\[\]\s]+)):(?P<port>\d{1,5})")
_HOST = re.compile(r"(?:\[(?P<v6>[0-9A-Fa-f:.]+)\]|(?P<host>[A-Za-z0-9._-]+))(?::\d{1,5})?")


@dataclass(frozen=True)
class Listen:
    """An address to serve the page at."""

    host: str  # an IP address, or a name such as localhost
    port: int  # 0: any that is free

    @property
    def is_open(self) -> bool:
        """Tell whether other machines may reach it."""
        return not (self.host == "localhost" or _is_loopback(self.host))


def parse_listen(text: str, *, unsafe: bool) -> Listen:
    """Return the address of a text such as `127.0.0.1:8080` or `[::1]:8080`.

    Raises `RunRefused` for another text, and for one that other machines may reach unless `unsafe`.
    """
    found = _ADDRESS.fullmatch(text)
    if not found or int(found["port"]) > 65_535:  # noqa: PLR2004  TCP has no more
        raise RunRefused(f"{text} is no address to listen at\ngive a host and a port, such as 127.0.0.1:8080")
    listen = Listen(found["v6"] or found["host"], int(found["port"]))
    if listen.is_open and not unsafe:
        why = (
            f"{text} may be reached by other machines, and the page has no log-in: it shows accounts and people"
        )
        raise RunRefused(
            f"{why}\nlisten at 127.0.0.1, or give --listen-unsafe if a firewall or a proxy protects it"
        )
    return listen


def may_ask(host: str, listen: Listen) -> bool:
    """Tell whether a request with this Host header is answered.

    A page of somebody else can let its own name lead to this machine, and then read what this server says to a
    browser here (DNS rebinding). It cannot have an IP address as its name, nor localhost.
    """
    if not (found := _HOST.fullmatch(host)):
        return False
    name = (found["v6"] or found["host"]).lower().rstrip(".")
    own = {"localhost", listen.host.lower()} | ({socket.gethostname().lower()} if listen.is_open else set())
    return name in own or _is_ip(name)


def _is_ip(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def _is_loopback(host: str) -> bool:
    return _is_ip(host) and ipaddress.ip_address(host).is_loopback
