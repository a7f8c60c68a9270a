"""A stack that is watched: its file, its connection, which rounds use again, and what is known of it."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import partial
from threading import Lock

from desired_state.mistakes import LoadError
from desired_state.platform import Platform
from reconciler.aws.client import Aws
from reconciler.aws.turns import Turns
from reconciler.errors import RunRefused
from reconciler.target import Connected, Target, connect_for, find_file, load_platform
from reconciler.watch.asking import Asked
from reconciler.watch.files import Signature, WatchedFile
from reconciler.watch.memory import Memory
from reconciler.watch.status import StackStatus

FILE_CHANGED = "its file was changed"  # why a stack is woken


@dataclass
class AllTurns:
    """The turns of reads, which all stacks of one account and region share, as AWS counts them together."""

    _of: dict[tuple[str | None, str], Turns] = field(default_factory=dict)
    _lock: Lock = field(default_factory=Lock)

    def of(self, aws: Aws, account: str | None) -> Turns:
        """Return the turns in an account and region."""
        with self._lock:
            return self._of.setdefault((account, aws.region), Turns())


@dataclass
class Watched:
    """A stack that is watched. One round at a time uses it."""

    label: str  # the file, and the environment if one was named: the stack's name is in the file
    target: Target
    file: WatchedFile
    status: StackStatus
    all_turns: AllTurns
    on_connect: Callable[[Aws], object] = lambda _aws: None  # is given a connection before its clients are made
    memory: Memory | None = None  # None: it was not read yet
    not_kept: str = ""  # why the memory was not written the last time: the next round writes it again
    told_failing: bool = False  # people were told that its rounds fail
    asked: dict[str, Asked] = field(default_factory=dict)  # about who made its differences
    signature: Signature = ()  # of the file, when it was last looked at
    connected: Connected | None = None  # by the last round that could load the file

    def connect(self) -> Target:
        """Load the file, and return a target with the connection of the rounds before, if it is still right.

        After a round that failed it is made anew, as its credentials or its endpoint may be what failed.

        Raises `LoadError` and `RunRefused`.
        """
        platform, last = self.file.read(), self.connected
        if last is None or self.status.failures or _place(last.platform) != _place(platform):
            aws = connect_for(self.target, platform)
            self.on_connect(aws)
            last = Connected(aws, platform, self.all_turns.of(aws, platform.account))
        self.connected = replace(last, platform=platform)
        return replace(self.target, connected=self.connected)

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


def _place(platform: Platform) -> tuple[str | None, str | None]:
    return platform.account, platform.region


def watch_stack(
    target: Target,
    every: float,
    all_turns: AllTurns,
    corrects: str = "none",
    on_connect: Callable[[Aws], object] = lambda _aws: None,
) -> Watched:
    """Return a stack to watch, of which nothing is known yet."""
    file, load = find_file(target), partial(load_platform, target)
    label = f"{file} --env {target.environment}" if target.environment else str(file)
    status = StackStatus(label, every, str(file), corrects)
    return Watched(label, target, WatchedFile(file, load), status, all_turns, on_connect)


def require_different(stacks: Sequence[Watched]) -> None:
    """Raise `RunRefused` if two files are of one stack. A file that is broken now is left to its rounds."""
    labels: dict[str, str] = {}
    for watched in stacks:
        with suppress(LoadError):
            name = watched.file.read().stack
            if other := labels.get(name):
                raise RunRefused(f"{other} and {watched.label} are both {name}\nname each stack once")
            labels[name] = watched.label
