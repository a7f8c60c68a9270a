"""Reads that AWS may refuse for a reason that is itself an answer."""

from typing import Any

from reconciler.aws.errors import code, matches
from reconciler.aws.reads import Reads
from reconciler.errors import ReadFailed
from reconciler.model.steps import ErrorMatches


def ask_or_refusal(
    reads: Reads, service: str, operation: str, /, path: str, expected: ErrorMatches, **params: Any
) -> tuple[Any, str]:
    """Return what `Reads.ask` does, and an empty text; or None, and the code of an error in `expected`.

    Raises `ReadFailed` for all other errors.
    """
    try:
        return reads.ask(service, operation, path, **params), ""
    except ReadFailed as e:
        if e.__cause__ and matches(e.__cause__, expected):
            return None, code(e.__cause__)
        raise
