"""The two values of a difference: secrets hidden, long ones cut, and what differs in them marked."""

import json
from itertools import takewhile
from typing import Any

from pydantic import BaseModel

from reconciler.model.drift import Difference, Finding
from reconciler.model.references import Json
from reconciler.render.html.markup import Child, Html, element, join
from reconciler.render.redaction import REFERENCES, mark_changed, redact
from reconciler.render.values import format_whole, to_json_value

LONGEST = 4_000  # characters of a value
LONGEST_LINE = 100  # characters; a document that is longer is set on several lines
ALIKE = 12  # characters that two values must have in common before what differs is marked


def show_values(difference: Difference) -> Html:
    """Return what AWS has and what the file asks for, as a list of two."""
    found, wanted = map(_format, hide_secrets(difference))
    if difference.finding is Finding.MISSING:
        found = "AWS does not have it"
    if difference.finding is Finding.ORPHANED:
        wanted = "the file does not have it"
    marked = mark_what_differs(cut(found), cut(wanted))
    return element("dl", _row("found", marked[0]), _row("wanted", marked[1]), class_="values")


def _row(name: str, value: Child) -> Html:
    return element("div", element("dt", name), element("dd", element("code", value)), class_=name)


def hide_secrets(difference: Difference) -> tuple[Any, Any]:
    """Return both values without secrets, judged by each name on the path to them."""
    names = difference.path.split(".")
    live, want = difference.live, difference.want
    for start in () if REFERENCES & {*names[:-1]} else range(len(names)):
        live, want = (redact(value, ".".join(names[start:])) for value in (live, want))
    return live, mark_changed(live, want)


def _format(value: Any) -> str:
    text = format_whole(value)
    if len(text) > LONGEST_LINE and isinstance(value, (Json, BaseModel, dict, list, tuple)):
        return json.dumps(to_json_value(value), indent=2, ensure_ascii=False, default=str)
    return text


def cut(text: str) -> str:
    """Return the text, of at most `LONGEST` characters, and how many more there are."""
    more = len(text) - LONGEST
    return text if more <= 0 else f"{text[:LONGEST]}… ({more:,} more characters)"


def mark_what_differs(one: str, other: str) -> tuple[Child, Child]:
    """Return both texts; what differs is marked, if they have enough in common before and after it."""
    start = _count_alike(one, other)
    end = _count_alike(one[start:][::-1], other[start:][::-1])
    if start + end < max(ALIKE, min(len(one), len(other)) // 2):
        return one, other
    first, second = (_mark(text, start, len(text) - end) for text in (one, other))
    return first, second


def _count_alike(one: str, other: str) -> int:
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))


def _mark(text: str, start: int, end: int) -> Html:
    differs = element("mark", text[start:end]) if start < end else None
    return join(text[:start], differs, text[end:])
