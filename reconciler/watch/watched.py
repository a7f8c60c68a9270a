"""A stack that is watched: its file, its connection, which rounds use again, and what is known of it."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import partial

from desired_state.mistakes import LoadError
from reconciler.target import Connected, Target, find_file, load_platform
from reconciler.watch.asking import Asked
from reconciler.watch.connections import Connections
from reconciler.watch.files import Signature, WatchedFile
from reconciler.watch.memory import Memory
from reconciler.watch.names import Names
from reconciler.watch.status import StackStatus

FILE_CHANGED = "its file was changed"  # why a stack is woken


@dataclass(frozen=True)
class Together:
    """What all stacks of a watch share."""

    connections: Connections = field(default_factory=Connections)
    names: Names = field(default_factory=Names)


@dataclass
class Watched:
    """A stack that is watched. One round at a time uses it."""

    label: str  # the file, and the environment if one was named: the stack's name is in the file
    target: Target
    file: WatchedFile
    status: StackStatus
    together: Together
    memory: Memory | None = None  # None: it was not read yet
    not_kept: str = ""  # why the memory was not written the last time: the next round writes it again
    told_failing: bool = False  # people were told that its rounds fail
    asked: dict[str, Asked] = field(default_factory=dict)  # about who made its differences
    signature: Signature = ()  # of the file, when it was last looked at
    connected: Connected | None = None  # by the last round that could load the file

    def connect(self) -> Target:
        """Load the file, and return a target with a connection to where its AWS is by now.

        Raises `LoadError` and `RunRefused`.
        """
        platform, failed = self.file.read(), bool(self.status.failures)
        self.together.names.name(self.label, platform.stack)
        self.target = replace(self.target, endpoint=self.target.find_endpoint() or self.target.endpoint)
        self.connected = self.together.connections.connect(self.target, platform, self.connected, failed=failed)
        return replace(self.target, connected=self.connected)

    def name_shown(self, before: str) -> str:
        """Return the name that the stack is shown under, given the one before: that which its file gives it."""
        good = self.file.good
        return good.stack if good and self.together.names.shows(self.label) else before

    def forget_other_stack(self, before: StackStatus) -> StackStatus:
        """Return the status to go on from: nothing is known yet if the file names another stack by now."""
        if self.file.good is None or before.report is None or self.file.good.stack == before.stack:
            return before
        self.memory, self.not_kept, self.asked = None, "", {}
        return StackStatus(self.file.good.stack, before.every, before.file, before.corrects)

    def has_changed(self) -> bool:
        """Tell whether the file or an overlay was written since this was asked last."""
        before, self.signature = self.signature, self.file.sign()
        return before not in ((), self.signature)


def watch_stack(target: Target, every: float, together: Together, corrects: str = "none") -> Watched:
    """Return a stack to watch, of which nothing is known yet."""
    file, load = find_file(target), partial(load_platform, target)
    label = f"{file} --env {target.environment}" if target.environment else str(file)
    status = StackStatus(label, every, str(file), corrects)
    return Watched(label, target, WatchedFile(file, load), status, together)


def require_different(stacks: Sequence[Watched]) -> None:
    """Raise `RunRefused` if two files are of one stack. A file that is broken now is left to its rounds."""
    for watched in stacks:
        with suppress(LoadError):
            watched.together.names.name(watched.label, watched.file.read().stack)
