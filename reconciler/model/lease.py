"""The lease on a stack, which one run at a time holds, as data."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Holder:
    """A run that holds a lease, as other runs see it."""

    run: str  # its id, made anew for each run
    command: str  # apply, destroy, …
    user: str
    host: str
    process: str  # the process id
    actor: str  # the ARN of its credentials
    since: str  # when it took the lease, by its own clock, as in 2026-11-27T22:14:03+00:00


@dataclass(frozen=True)
class Applied:
    """The last apply that ended without a failure. A plan right after it looks again, see `look_again`."""

    digest: str  # of the file with its overlay merged in, see `Platform.digest`
    at: str  # when it ended, by its own clock
    actor: str  # the ARN of its credentials
    program: str  # the version of this program
    resources: str = field(default="", repr=False)  # digests of its specs, see `model.applied`; empty: unknown


NOTHING_APPLIED = Applied(digest="", at="", actor="", program="")
"""What a destroy leaves: the record is then as if nothing had ever been applied."""


@dataclass(frozen=True)
class Record:
    """The record of a stack: who holds its lease, and what was applied last."""

    stack: str  # <platform>/<environment>/<region>
    version: str = ""  # changes at each heartbeat
    holder: Holder | None = None
    broken: bool = False  # the holder has only broken another's lease: it writes nothing
    applied: Applied | None = None
    memory: str = ""  # what a watch remembers of the stack, see `reconciler.watch.memory`
