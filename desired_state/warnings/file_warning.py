from typing import NamedTuple

from desired_state.tree import KeyPath


class FileWarning(NamedTuple):
    """Something that a person should know of a value."""

    where: KeyPath
    message: str
