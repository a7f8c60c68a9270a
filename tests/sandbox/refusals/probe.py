"""The rows of the tables of refused calls."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Probe:
    """A call that AWS refuses."""

    operation: str
    """The operation as AWS spells it, such as `CreateRepository`."""
    code: str
    """The code of the refusal as it is on the wire, such as `ResourceInUse`."""
    params: Callable[[], Mapping[str, Any]]
    """Makes what must be there first, and returns the parameters of the refused call."""
    words: str = ""
    """A part of the message; an empty string where any message will do."""
