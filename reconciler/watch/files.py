"""Load the file of a stack anew for each round: a broken one keeps the last good one."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from desired_state.mistakes import LoadError
from desired_state.overlays import OVERLAYS
from desired_state.platform import Platform

Signature = tuple[tuple[str, int, int], ...]


@dataclass
class WatchedFile:
    """The platform file of a stack, and what was last loaded of it. One thread at a time uses it."""

    path: Path
    load: Callable[[], Platform]  # raises `LoadError` with what is wrong
    good: Platform | None = None  # the last one without a mistake
    error: str = ""  # what is wrong with the file as it is now

    def read(self) -> Platform:
        """Return the platform, or the last good one if the file is broken. Raises `LoadError` without one."""
        try:
            self.good, self.error = self.load(), ""
        except LoadError as error:
            self.error = str(error)
            if self.good is None:
                raise
        return self.good

    def sign(self) -> Signature:
        """Return what tells whether the file, or an overlay beside it, was written since."""
        overlays = sorted((self.path.parent / OVERLAYS).glob("*.yaml"))
        return tuple(found for path in (self.path, *overlays) if (found := _sign(path)))


def _sign(path: Path) -> tuple[str, int, int] | None:
    try:
        found = path.stat()
    except OSError:  # it is being replaced, or is gone: reading it will say so
        return (str(path), 0, 0)
    return (str(path), found.st_mtime_ns, found.st_size)
