"""How the program of a container runs: as whom, where, and within which limits."""

from typing import Annotated, Literal

from pydantic import Field

from desired_state.absence import Absent
from desired_state.part import Part, Pattern, ShortForm

_ID = r"[A-Za-z0-9_][\w.-]*\$?"
_MOST_FILES = 1_048_576  # on Fargate (reown-com/blockchain-api#1183)

User = Annotated[
    str,
    Pattern(rf"{_ID}(:{_ID})?", "a user, or a user and a group, by names or numbers, such as app or 1000:1000"),
]
AbsolutePath = Annotated[str, Pattern(r"/[^\0\n]*", "a path in the container that begins with /")]

# What ECS takes (ECS API reference, KernelCapabilities), as Linux names them, without CAP_.
Capability = Literal[
    "ALL",
    "AUDIT_CONTROL",
    "AUDIT_WRITE",
    "BLOCK_SUSPEND",
    "CHOWN",
    "DAC_OVERRIDE",
    "DAC_READ_SEARCH",
    "FOWNER",
    "FSETID",
    "IPC_LOCK",
    "IPC_OWNER",
    "KILL",
    "LEASE",
    "LINUX_IMMUTABLE",
    "MAC_ADMIN",
    "MAC_OVERRIDE",
    "MKNOD",
    "NET_ADMIN",
    "NET_BIND_SERVICE",
    "NET_BROADCAST",
    "NET_RAW",
    "SETFCAP",
    "SETGID",
    "SETPCAP",
    "SETUID",
    "SYSLOG",
    "SYS_ADMIN",
    "SYS_BOOT",
    "SYS_CHROOT",
    "SYS_MODULE",
    "SYS_NICE",
    "SYS_PACCT",
    "SYS_PTRACE",
    "SYS_RAWIO",
    "SYS_RESOURCE",
    "SYS_TIME",
    "SYS_TTY_CONFIG",
    "WAKE_ALARM",
]


_Files = Annotated[int, Field(ge=1, le=_MOST_FILES)]


class FileLimit(Part):
    """How many files a program may have open at once."""

    soft: _Files
    """The limit that is in force; the program may raise it to the hard one."""

    hard: Annotated[_Files | None, Absent()] = None
    """The most that the program may raise it to; if left out, as many as the soft one."""


class Ulimits(Part):
    """Limits of the container's program; Fargate takes that of open files only."""

    nofile: Annotated[FileLimit | None, Absent(), ShortForm("limit", ("number",))] = None
    """Files that may be open at once, as one number or as soft and hard; if left out, Fargate's 65,535."""
