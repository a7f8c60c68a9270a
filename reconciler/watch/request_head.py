"""The head of a request, read in bounded time and space."""

import socket
from time import monotonic

LONGEST_HEAD = 16_384  # bytes of a request's line and headers
PATIENCE = 10.0  # seconds for all of it


class HeadTooLong(Exception):
    """Raised for a request whose line and headers are longer than `LONGEST_HEAD`."""


def read_head(connection: socket.socket, patience: float = PATIENCE) -> bytes:
    """Return a request's line and headers; nothing if the client gives up or dawdles. Raises `HeadTooLong`."""
    head, end = b"", monotonic() + patience
    while b"\r\n\r\n" not in head and b"\n\n" not in head:
        left = end - monotonic()
        if left <= 0:
            return b""
        connection.settimeout(left)
        try:
            received = connection.recv(LONGEST_HEAD)
        except OSError:
            return b""
        if not received:
            return b""
        head += received
        if len(head) > LONGEST_HEAD:
            raise HeadTooLong
    return head
