"""The places of pydantic's errors in the tree."""

from pydantic_core import ErrorDetails

from desired_state.tree import KeyPath


def locate(error: ErrorDetails) -> KeyPath:
    """Return the path of the value or key; pydantic appends "[key]" where the key itself is wrong.

    The wrong key is then the error's input, and the last part before. A key of the file may also be "[key]".
    """
    where = error["loc"]
    return where[:-1] if where[-2:] == (error["input"], "[key]") else where


def is_key(error: ErrorDetails) -> bool:
    """Tell whether the key itself is wrong, not its value."""
    return locate(error) != error["loc"]
