"""Describe this process, as other runs see it in a lease."""

import os
import socket
from datetime import UTC, datetime
from getpass import getuser
from secrets import token_hex

from reconciler.model.lease import Holder


def this_process(command: str, actor: str) -> Holder:
    """Return a new holder: this process, with the ARN of its credentials, as it begins a command."""
    return Holder(token_hex(8), command, _user(), socket.gethostname(), str(os.getpid()), actor, utc_now())


def utc_now() -> str:
    """Return the time, as in 2026-11-27T22:14:03+00:00."""
    return datetime.now(UTC).isoformat(timespec="seconds")


def _user() -> str:
    try:
        return getuser()
    except (KeyError, OSError):  # a container's user may have no name
        return f"user {os.getuid()}"
