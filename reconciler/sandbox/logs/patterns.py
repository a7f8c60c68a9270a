"""Filter patterns of unstructured events: terms, phrases, optional terms, and terms to leave out."""

import re
from typing import Any

from moto.logs.utils import EventMessageFilter

from reconciler.sandbox.world import wrap

_TERM = re.compile(r'([?-]?)(?:"([^"]*)"|([^\s"]+))')


def install() -> None:
    wrap(EventMessageFilter, "__init__", _read)
    wrap(EventMessageFilter, "matches", _matches)


def _read(original: Any, pattern_filter: Any, pattern: str) -> None:
    original(pattern_filter, pattern)
    pattern_filter.pattern = pattern or ""


def _matches(original: Any, pattern_filter: Any, message: str) -> bool:
    """Tell whether an event matches; patterns of JSON and of columns, and expressions, match as in moto.

    (CloudWatch Logs user guide, "filter pattern syntax": all terms, none with `-`, and one of those with `?`,
    which count only where no other terms are.)
    """
    pattern = pattern_filter.pattern.strip()
    if not pattern or pattern[0] in "{[%":
        return bool(original(pattern_filter, message))
    terms = [(sign, phrase or word) for sign, phrase, word in _TERM.findall(pattern)]
    if any(sign == "-" and term in message for sign, term in terms):
        return False
    needed = [term for sign, term in terms if not sign]
    optional = [term for sign, term in terms if sign == "?"]
    if needed:
        return all(term in message for term in needed)
    return not optional or any(term in message for term in optional)
