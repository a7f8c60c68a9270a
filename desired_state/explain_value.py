"""Messages for the values that pydantic refuses, and the values that may have been meant."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic_core import ErrorDetails

from desired_state.locations import is_key
from desired_state.near import find_near
from desired_state.part import SHORT_FORM, WrongValue, quote
from desired_state.schema import Schema
from desired_state.short_forms import EXPECTED_FORMS, UNITS_PER_VCPU
from desired_state.tree import Located

_EXPECTED_TYPES = {
    "string_type": "a text",
    "int_type": "a whole number",
    "bool_type": "true or false",
    "tuple_type": "a list",
    "dict_type": "a mapping of keys",
    "model_type": "a mapping of keys",
}
_JSON_TYPES = {"string": "a text", "integer": "a whole number", "boolean": "true or false", "array": "a list"}
_MEANT = {"public": "internet-facing", "private": "internal", "alb": "application", "nlb": "network"}
"""What is meant by words that AWS's console and people use, where the file has others."""
_MAIN_KEYS = {  # of parts that people write as one value
    "Discovery": "namespace",
    "Dns": "zone",
    "FixedResponse": "status",
    "HealthCheck": "path",
    "Listener": "port",
    "Response": "status",
}
_YES, _NO = ("yes", "on", "true", "1"), ("no", "off", "false", "0")
_MAX_DIGITS = 20  # of a number that a text may hold


@dataclass(frozen=True)
class Explanation:
    """What is wrong with a value, and what may have been meant; the first right value completes `offer`."""

    message: str
    candidates: Sequence[Any] = ()
    offer: str = "; did you mean {}?"


def explain_value(error: ErrorDetails, node: Located, rule: Schema) -> Explanation:
    """Return the explanation of an error at this node, which has this rule in the schema."""
    value, kind = error["input"], error["type"]
    quoted = quote_value(value, node.text)
    match kind:
        case "missing":
            return Explanation(_explain_missing(rule), offer="; write {}")
        case "literal_error" | "int_parsing_size" if "enum" in rule or "const" in rule:
            known = rule.get("enum") or [rule["const"]]
            return _explain_units(quoted, value, known, rule) or _explain_choice(quoted, value, known)
        case "greater_than_equal" | "less_than_equal" | "int_parsing_size":
            return Explanation(f"{quoted} is out of range: {rule.get('minimum')} to {rule.get('maximum')}")
        case "too_short":
            return Explanation(f"is too short: give at least {error['ctx']['min_length']}")
        case "string_too_long" | "string_too_short":
            most = f"to {rule['maxLength']}" if "maxLength" in rule else "or more"
            return Explanation(f"has {len(value)} characters: {rule.get('minLength', 0)} {most} are right")
        case "value_error" if isinstance(wrong := error["ctx"]["error"], WrongValue):
            return Explanation(f"{quoted} {wrong}", wrong.candidates)
        case "value_error":
            return Explanation(str(error["ctx"]["error"]))
    return (
        _explain_type(quoted, node, value, rule, kind) if kind in _EXPECTED_TYPES else Explanation(error["msg"])
    )


def _explain_missing(rule: Schema) -> str:
    description = rule["description"].splitlines()[0].rstrip(".")
    first, others = description[:1], description[1:]
    return f"is missing ({first.lower() if others[:1].islower() else first}{others})"  # ARNs keeps its letters


def explain_null(error: ErrorDetails, rule: Schema, *, required: bool) -> str:
    """Return a line about a null where there has to be a value; empty if pydantic found something else."""
    if error["input"] is not None or is_key(error) or error["type"] == "value_error":
        return ""
    if required:
        return _explain_missing(rule)
    wanted = _JSON_TYPES.get(rule.get("type", ""), "a mapping of keys")
    if "enum" in rule:
        wanted = f"one of {', '.join(map(str, rule['enum']))}"
    return f"is null, and cannot be absent: give {wanted}, or leave it out for what the defaults say"


def _explain_units(quoted: str, value: object, known: Sequence[Any], rule: Schema) -> Explanation | None:
    """Return the explanation of a number of vCPUs in the place of CPU units; None for anything else."""
    if isinstance(value, bool) or not isinstance(value, int | float) or rule.get(SHORT_FORM) != "units":
        return None
    if (units := value * UNITS_PER_VCPU) not in known:
        return None
    message = f"{quoted} is not one of {', '.join(map(str, known))}, of which {UNITS_PER_VCPU} are one vCPU"
    return Explanation(message, [int(units)])


def _explain_choice(quoted: str, value: object, known: Sequence[Any]) -> Explanation:
    if isinstance(value, str) and value in map(str, known):
        meant = next(word for word in known if str(word) == value)
        return Explanation(f"{quoted} is a text", [meant], "; write it without quotes: {}")
    near = meant if (meant := _MEANT.get(str(value).lower())) in known else find_near(value, known)
    message = f"{quoted} is not one of {', '.join(map(str, known))}"
    return Explanation(message, [] if near is None else [near])


def _explain_type(quoted: str, node: Located, value: Any, rule: Schema, kind: str) -> Explanation:
    form = rule.get(SHORT_FORM, "")
    shown = "" if form == "words" else f"{quoted} "  # a command may hold anything, passwords too
    message = f"{shown}is not {EXPECTED_FORMS.get(form) or _EXPECTED_TYPES[kind]}"
    match kind:
        case "string_type" if node.text:
            return Explanation(f"{quoted} is not a string to YAML", [node.text], "; write it in quotes: {}")
        case "tuple_type" if SHORT_FORM not in rule:
            return Explanation(message, [(value,), (node.text,)], "; write {}")
        case "int_type" if isinstance(value, str) and value.isdecimal() and len(value) <= _MAX_DIGITS:
            return Explanation(f"{quoted} is a text", [int(value)], "; write it without quotes: {}")
        case "bool_type" if node.text.lower() in (*_YES, *_NO):
            return Explanation(message, [node.text.lower() in _YES], "; write {}")
        case "dict_type" | "model_type" if value and isinstance(value, tuple) and _are_texts(value):
            pairs = "; write NAME: value, not NAME=value" if all("=" in text for text in value) else ""
            return Explanation(message + pairs, [{name: {} for name in value}], "; write {}")
        case "model_type" if isinstance(value, bool):
            return Explanation(message, [{} if value else None], "; write {}")
        case "model_type" if node.text and (key := _MAIN_KEYS.get(rule.get("title", ""))):
            return Explanation(message, [{key: value}], "; write {}")
        case "dict_type" | "model_type" if node.text and isinstance(value, str):
            return Explanation(message, [{value: {}}], "; write {}")
    return Explanation(message)


def _are_texts(values: Sequence[Any]) -> bool:
    return all(isinstance(value, str) for value in values)


def quote_value(value: Any, text: str = "") -> str:
    """Return the value as messages show it; `text` is a scalar as the file has it."""
    match value:
        case Mapping():
            return "a mapping"
        case tuple():
            return "a list"
        case str():
            return quote(value)
    return quote(text)[1:-1]
