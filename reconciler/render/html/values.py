"""The two values of a difference: secrets hidden, long ones cut, and what differs in them marked."""

import json
from collections.abc import Mapping
from difflib import SequenceMatcher
from itertools import takewhile
from typing import Any

from pydantic import BaseModel

from reconciler.model.drift import Difference, Finding
from reconciler.model.references import Json
from reconciler.render.drift_words import shown_values
from reconciler.render.html.markup import Child, Html, element, join
from reconciler.render.values import format_whole, to_json_value

LONGEST = 4_000  # characters of a value
LONGEST_LINE = 100  # characters; a document that is longer is set on several lines
ABSENT, UNWANTED = "AWS does not have it", "the file does not have it"
ALIKE = 12  # characters that two values must have in common before what differs is marked


def show_difference(difference: Difference) -> Html:
    """Return what AWS has and what the file asks for, as a list of two. Secrets are hidden."""
    match difference.finding:
        case Finding.MISSING:
            rows = [_row("found", ABSENT)]
        case Finding.ORPHANED:
            rows = [_row("wanted", UNWANTED)]
        case Finding.CHANGED if difference.words:
            rows = [_row("found", difference.words)]
        case Finding.CHANGED:
            rows = [*map(_row, ("found", "wanted"), _sides(difference))]
    return element("dl", rows, class_="values")


def _sides(difference: Difference) -> tuple[Child, Child]:
    found, wanted = map(cut, _format(*shown_values(difference)))
    if difference.item:
        return (ABSENT, wanted) if difference.live is None else (found, UNWANTED)
    return mark_what_differs(found, wanted)


def _row(name: str, value: Child) -> Html:
    return element("div", element("dt", name), element("dd", element("code", value)), class_=name)


def _format(*values: Any) -> tuple[str, ...]:
    """Return the values as texts; if one is a long document, each document on several lines."""
    lines = tuple(map(format_whole, values))
    if max(map(len, lines)) <= LONGEST_LINE:
        return lines
    return tuple(_unfold(value, line) for value, line in zip(values, lines, strict=True))


def _unfold(value: Any, line: str) -> str:
    if isinstance(value, Json | BaseModel | Mapping | frozenset | list | tuple) and value:
        return json.dumps(to_json_value(value), indent=2, ensure_ascii=False, default=str)
    return line


def cut(text: str) -> str:
    """Return the text, of at most `LONGEST` characters, and how many more there are."""
    more = len(text) - LONGEST
    return text if more <= 0 else f"{text[:LONGEST]}… ({more:,} more characters)"


def mark_what_differs(one: str, other: str) -> tuple[Child, Child]:
    """Return both texts; what differs is marked, if they have enough in common before and after it."""
    if "\n" in one and "\n" in other:
        return _mark_lines(one.splitlines(), other.splitlines())
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


def _mark_lines(one: list[str], other: list[str]) -> tuple[Child, Child]:
    """Return both documents; lines that only one of them has are marked."""
    blocks = SequenceMatcher(None, one, other, autojunk=False).get_matching_blocks()
    of_one = {n for block in blocks for n in range(block.a, block.a + block.size)}
    of_other = {n for block in blocks for n in range(block.b, block.b + block.size)}
    return _mark_others(one, of_one), _mark_others(other, of_other)


def _mark_others(lines: list[str], alike: set[int]) -> Child:
    return [
        (line if n in alike else _mark(line, len(line) - len(line.lstrip()), len(line)), "\n")
        for n, line in enumerate(lines)
    ]
