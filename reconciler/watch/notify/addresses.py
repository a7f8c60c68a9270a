"""The addresses that a message may be sent to.

The URL comes from outside, and this process may run where the addresses beside it give away credentials: ECS at
169.254.170.2 those of the task, EC2 at 169.254.169.254 and fd00:ec2::254 those of the instance. So a name is
looked up once, all of its addresses are judged, and the connection is made to a judged one, not to the name.
"""

import socket
from collections.abc import Callable, Iterable
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address

from reconciler.watch.notify.failure import Undeliverable

Address = IPv4Address | IPv6Address
LookUp = Callable[[str, int], Iterable[str]]
"""Return the addresses of a host. Raises `OSError` if it is not found."""

_METADATA = IPv6Network("fd00:ec2::/32")  # of EC2: instance metadata, DNS, time
_TRANSLATED = IPv6Network("64:ff9b::/96")  # an IPv4 address behind a NAT64, RFC 6052


def look_up(host: str, port: int) -> Iterable[str]:
    """Return the addresses of a host by this machine's resolver."""
    return [str(found[4][0]) for found in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]


def choose_address(host: str, port: int, *, private: bool, find: LookUp = look_up) -> str:
    """Return the first address of a host, if each of them may be sent to. `private` ones need permission.

    Raises `Undeliverable` with `again` if the name is not found at present, and without if one is forbidden.
    """
    try:
        found = [ip_address(each.partition("%")[0]) for each in find(host, port)]
    except (OSError, UnicodeError) as error:
        raise Undeliverable("its host is not found", again=True) from error
    if not found:
        raise Undeliverable("its host has no address", again=True)
    for address in found:
        if why := find_reason(address, private=private):
            raise Undeliverable(f"its host leads to {why}")
    return str(found[0])


def find_reason(address: Address, *, private: bool) -> str:
    """Return what keeps an address from being sent to; an empty string if nothing does."""
    if inner := _inner(address):
        return find_reason(inner, private=private)
    if address.is_link_local or (address.version == 6 and address in _METADATA):  # noqa: PLR2004 - IP's
        return "an address of this machine's own link, as credentials are given out at"
    if address.is_multicast or address.is_unspecified or (address.is_reserved and not address.is_loopback):
        return "an address that is no host's"
    if not private and not address.is_global:
        return "a private address: say `private: true` if that is meant"
    return ""


def _inner(address: Address) -> IPv4Address | None:
    """Return the IPv4 address that an IPv6 address stands for, if it does."""
    if isinstance(address, IPv4Address):
        return None
    if address in _TRANSLATED:
        return IPv4Address(int(address) & 0xFFFF_FFFF)
    return address.ipv4_mapped or address.sixtofour or (address.teredo[1] if address.teredo else None)
