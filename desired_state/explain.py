"""Messages for pydantic's errors that say what would be right."""

import difflib
from collections.abc import Iterable, Mapping
from typing import Any

from pydantic_core import ErrorDetails

from desired_state.part import quote
from desired_state.tree import KeyPath, Located

Schema = Mapping[str, Any]  # JSON Schema, as Platform.model_json_schema() gives it

_EXPECTED_TYPES = {
    "string_type": "a text",
    "int_type": "a whole number",
    "bool_type": "true or false",
    "tuple_type": "a list",
    "dict_type": "a mapping of keys",
    "model_type": "a mapping of keys",
}


def explain(error: ErrorDetails, node: Located, schema: Schema) -> str:
    """Return a line about the error that pydantic found in the value of `node`."""
    where = locate(error)
    rule = find_schema(schema, where)
    if where != error["loc"]:
        rule = find_schema(schema, where[:-1]).get("propertyNames", {})
    match error["type"]:
        case "missing":
            return _explain_missing(rule)
        case "extra_forbidden":
            keys = find_schema(schema, where[:-1]).get("properties", {})
            return f"is not a key here{suggest(where[-1], keys) or '; there are ' + ', '.join(keys)}"
        case "literal_error":
            return explain_choice(node, error["input"], rule.get("enum") or [rule.get("const")])
        case "greater_than_equal" | "less_than_equal":
            return f"{_format(node, error['input'])} is out of range: {rule['minimum']} to {rule['maximum']}"
        case "too_short":
            return f"is too short: give at least {error['ctx']['min_length']}"
        case "string_too_long" | "string_too_short":
            most = f"to {rule['maxLength']}" if "maxLength" in rule else "or more"
            return f"has {len(error['input'])} characters: {rule.get('minLength', 0)} {most} are right"
        case "value_error":
            return str(error["ctx"]["error"])
        case kind if kind in _EXPECTED_TYPES:
            return _explain_type(node, error["input"], _EXPECTED_TYPES[kind])
    return error["msg"]


def _explain_missing(rule: Schema) -> str:
    description = rule["description"].splitlines()[0].rstrip(".")
    return f"is missing ({description[0].lower()}{description[1:]})"


def explain_null(error: ErrorDetails, schema: Schema) -> str:
    """Return a line about a null where there has to be a value; empty if pydantic found something else."""
    where = error["loc"]
    if (
        error["input"] is not None
        or locate(error) != where
        or error["type"] in {"value_error", "extra_forbidden"}
    ):
        return ""
    rule = find_schema(schema, where)
    if where[-1] in find_schema(schema, where[:-1]).get("required", ()):
        return _explain_missing(rule)
    names = {"string": "a text", "integer": "a whole number", "boolean": "true or false", "array": "a list"}
    wanted = names.get(rule.get("type", ""), "a mapping of keys")
    if "enum" in rule:
        wanted = f"one of {', '.join(map(str, rule['enum']))}"
    return f"is null, and cannot be absent: give {wanted}, or leave it out for what the defaults say"


def locate(error: ErrorDetails) -> KeyPath:
    """Return the path of the value or key; pydantic appends "[key]" where the key itself is wrong.

    The wrong key is then the error's input, and the last part before. A key of the file may also be "[key]".
    """
    where = error["loc"]
    return where[:-1] if where[-2:] == (error["input"], "[key]") else where


def suggest(word: object, known: Iterable[object]) -> str:
    """Return "; did you mean …?" with the known value nearest to `word`, or "" if none is near."""
    if isinstance(word, int | float) and (numbers := [n for n in known if isinstance(n, int)]):
        return f"; did you mean {min(numbers, key=lambda n: abs(n - word))}?"
    names, text = {str(k).lower(): str(k) for k in known}, str(word).lower()
    near = difflib.get_close_matches(text, names, n=1) or [n for n in names if text and n.startswith(text)]
    return f"; did you mean {names[near[0]]}?" if near else ""


def explain_choice(node: Located, value: object, known: Iterable[object]) -> str:
    """Return the message for a value that is none of the known ones, with a suggestion."""
    words = [str(word) for word in known]
    if value in words:
        return f'"{value}" is a text; write it without quotes'
    return f"{_format(node, value)} is not one of {', '.join(words)}{suggest(value, known)}"


def _explain_type(node: Located, value: object, wanted: str) -> str:
    if wanted == "a text" and node.text:
        return f'{node.text} is not a string to YAML; write it in quotes: "{node.text}"'
    if wanted == "a list" and node.text:
        return f"{node.text} is not a list; write [{node.text}]"
    if wanted == "a whole number" and isinstance(value, str) and value.isdecimal():
        return f'"{value}" is a text; write it without quotes: {value}'
    return f"{_format(node, value)} is not {wanted}"


def _format(node: Located, value: object) -> str:
    match value:
        case Mapping():
            return "a mapping"
        case tuple():
            return "a list"
        case str():
            return quote(value)
    return quote(node.text or str(value))[1:-1]


def find_schema(schema: Schema, where: KeyPath) -> Schema:
    """Return the part of the schema that applies to this path; empty if there is none."""
    rule = _resolve_rule(schema, schema)
    for key in where:
        if isinstance(key, int):
            below = rule.get("items", {})
        else:
            patterns = rule.get("patternProperties", {}).values()
            anything = next(iter(patterns), rule.get("additionalProperties") or {})
            below = rule.get("properties", {}).get(key, anything)
        rule = _resolve_rule(schema, below)
    return rule


def _resolve_rule(schema: Schema, rule: Schema) -> Schema:
    """Follow a $ref, or the first branch of anyOf; keep the description nearest to the key."""
    description = rule.get("description")
    if "anyOf" in rule:
        rule = _resolve_rule(schema, rule["anyOf"][0])
    if "$ref" in rule:
        rule = schema["$defs"][rule["$ref"].rpartition("/")[2]]
    return {**rule, "description": description} if description else rule
