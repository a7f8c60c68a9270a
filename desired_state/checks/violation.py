from typing import NamedTuple

from desired_state.tree import KeyPath


class Violation(NamedTuple):
    """A violated rule between values. It is not reported while a value that it depends on is itself wrong.

    It depends on the value at `where` as well, unless `about_name` says that it is about the name only.
    """

    where: KeyPath
    message: str
    depends_on: tuple[KeyPath, ...] = ()
    about_name: bool = False
    candidates: tuple[object, ...] = ()  # values that may be meant instead, the likeliest first
