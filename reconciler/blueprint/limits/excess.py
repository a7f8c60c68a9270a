from typing import NamedTuple

from desired_state.tree import KeyPath


class Excess(NamedTuple):
    """A limit that the platform exceeds, at the value that a person has to shorten."""

    where: KeyPath
    message: str
