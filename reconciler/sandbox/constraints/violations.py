"""Find values of a call that break its model: lengths, ranges, patterns, enumerations, and what is required.

boto3 itself refuses only what is missing, of another type or too small, unless it is told not to.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from botocore.model import Shape


@dataclass(frozen=True)
class Violation:
    """A value that breaks a constraint of its shape."""

    path: str
    """Where the value is in the call, as AWS writes it, such as `tags.1.member.key`."""
    value: object
    rule: str
    """What it must do, in AWS's words, such as `have length less than or equal to 64`."""


_RULES = {"min", "max", "enum", "pattern"}
# Parts of the models' patterns, which are written for Java, and what they are in Python.
_JAVA = {
    r"\p{L}": r"\w",
    r"\p{Z}": r"\s",
    r"\p{N}": r"\d",
    r"\p{M}": "",
    r"\p{Print}": r"[ -~\u00a0-\uffff]",
    r"\uD800\uDC00-\uDBFF\uDFFF": r"\U00010000-\U0010FFFF",
}


def find_violations(shape: Any, value: Any, path: str = "") -> Iterator[Violation]:
    """Yield what breaks the constraints of a shape of botocore, in the value that was sent and in its parts."""
    kind = shape.type_name
    if not _is_constrained(shape):
        return
    if kind == "structure" and isinstance(value, Mapping):
        for name, member in shape.members.items():
            inner = name[0].lower() + name[1:]
            place = f"{path}.{inner}" if path else inner
            if value.get(name) is not None:
                yield from find_violations(member, value[name], place)
            elif name in shape.required_members:
                yield Violation(place, None, "not be null")
        return
    yield from (Violation(path, value, rule) for rule in _broken_rules(shape, value))
    if kind == "list" and isinstance(value, list):
        for number, item in enumerate(value, 1):
            yield from find_violations(shape.member, item, f"{path}.{number}.member")
    elif kind == "map" and isinstance(value, Mapping):
        for key, item in value.items():
            yield from find_violations(shape.key, key, path)
            yield from find_violations(shape.value, item, f"{path}.{key}.member")


@cache
def _is_constrained(shape: Shape) -> bool:
    """Tell whether values of this shape can break anything. Most items of DynamoDB cannot, however large."""
    return any(_RULES & {*part.metadata} or _requires(part) for part in _parts(shape, set()))


def _requires(shape: Any) -> bool:
    return shape.type_name == "structure" and bool(shape.required_members)


def _parts(shape: Any, seen: set[str]) -> Iterator[Shape]:
    """Yield a shape and those of its parts, each once: some contain themselves."""
    if shape.name in seen:
        return
    seen.add(shape.name)
    yield shape
    inner = {"list": ("member",), "map": ("key", "value")}.get(shape.type_name, ())
    members = shape.members.values() if shape.type_name == "structure" else [getattr(shape, i) for i in inner]
    for member in members:
        yield from _parts(member, seen)


def _broken_rules(shape: Shape, value: Any) -> Iterator[str]:
    rules = shape.metadata
    by_length = shape.type_name in ("string", "list", "map")
    size, what = (len(value), "length") if by_length else (value, "value")
    if isinstance(size, int | float):
        if size < rules.get("min", size):
            yield f"have {what} greater than or equal to {rules['min']}"
        if size > rules.get("max", size):
            yield f"have {what} less than or equal to {rules['max']}"
    if "enum" in rules and value not in rules["enum"]:
        yield f"satisfy enum value set: [{', '.join(rules['enum'])}]"
    pattern = compile_pattern(rules["pattern"]) if "pattern" in rules and isinstance(value, str) else None
    if pattern and not pattern.fullmatch(value):
        yield f"satisfy regular expression pattern: {rules['pattern']}"


@cache
def compile_pattern(pattern: str) -> re.Pattern[str] | None:
    """Compile a pattern of the models; None for the few that Python cannot read."""
    for theirs, ours in _JAVA.items():
        pattern = pattern.replace(theirs, ours)
    try:
        return re.compile(pattern)
    except re.error:
        return None
