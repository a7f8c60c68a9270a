"""What pydantic found, in words that say what would be right."""

import difflib
from collections.abc import Iterable, Mapping
from typing import Any

from pydantic_core import ErrorDetails

from desired_state.part import quoted
from desired_state.tree import Located, Where

Schema = Mapping[str, Any]  # JSON Schema, as Platform.model_json_schema() gives it

_WANTED = {
    "string_type": "a text",
    "int_type": "a whole number",
    "bool_type": "true or false",
    "tuple_type": "a list",
    "dict_type": "a mapping of keys",
    "model_type": "a mapping of keys",
}


def explain(error: ErrorDetails, node: Located, schema: Schema) -> str:
    """One line about the error, for the value at `node`."""
    where = place(error)
    rule = schema_at(schema, where)
    if where != error["loc"]:
        rule = schema_at(schema, where[:-1]).get("propertyNames", {})
    match error["type"]:
        case "missing":
            description = rule["description"].splitlines()[0].rstrip(".")
            return f"is missing ({description[0].lower()}{description[1:]})"
        case "extra_forbidden":
            keys = schema_at(schema, where[:-1]).get("properties", {})
            return f"is not a key here{suggestion(where[-1], keys) or '; there are ' + ', '.join(keys)}"
        case "literal_error":
            return not_one_of(node, error["input"], rule.get("enum") or [rule.get("const")])
        case "greater_than_equal" | "less_than_equal":
            return f"{_shown(node, error['input'])} is out of range: {rule['minimum']} to {rule['maximum']}"
        case "too_short":
            return f"is too short: give at least {error['ctx']['min_length']}"
        case "string_too_long" | "string_too_short":
            return f"has {len(error['input'])} characters: {rule.get('minLength', 0)} to {rule['maxLength']} are right"
        case "value_error":
            return str(error["ctx"]["error"])
        case kind if kind in _WANTED:
            return _wrong_type(node, error["input"], _WANTED[kind])
    return error["msg"]


def place(error: ErrorDetails) -> Where:
    """Where it is; pydantic marks a mistake in a key by a last part of its own."""
    return tuple(part for part in error["loc"] if part != "[key]")


def suggestion(word: object, known: Iterable[object]) -> str:
    """The question whether the nearest of the known ones was meant, if one is near."""
    if isinstance(word, int | float) and (numbers := [n for n in known if isinstance(n, int)]):
        return f"; did you mean {min(numbers, key=lambda n: abs(n - word))}?"
    names, text = {str(k).lower(): str(k) for k in known}, str(word).lower()
    near = difflib.get_close_matches(text, names, n=1) or [n for n in names if text and n.startswith(text)]
    return f"; did you mean {names[near[0]]}?" if near else ""


def not_one_of(node: Located, value: object, known: Iterable[object]) -> str:
    """What is wrong with a value that is none of those known, and which of them was meant."""
    words = [str(word) for word in known]
    if value in words:
        return f'"{value}" is a text; write it without quotes'
    return f"{_shown(node, value)} is not one of {', '.join(words)}{suggestion(value, known)}"


def _wrong_type(node: Located, value: object, wanted: str) -> str:
    if wanted == "a text" and node.text:
        return f'{node.text} is not a string to YAML; write it in quotes: "{node.text}"'
    if wanted == "a list" and node.text:
        return f"{node.text} is not a list; write [{node.text}]"
    if wanted == "a whole number" and isinstance(value, str) and value.isdecimal():
        return f'"{value}" is a text; write it without quotes: {value}'
    return f"{_shown(node, value)} is not {wanted}"


def _shown(node: Located, value: object) -> str:
    match value:
        case Mapping():
            return "a mapping"
        case tuple():
            return "a list"
        case str():
            return quoted(value)
    return quoted(node.text or str(value))[1:-1]


def schema_at(schema: Schema, where: Where) -> Schema:
    """The part of the schema that rules this place; empty if none does."""
    rule = _resolved(schema, schema)
    for key in where:
        if isinstance(key, int):
            below = rule.get("items", {})
        else:
            patterns = rule.get("patternProperties", {}).values()
            anything = next(iter(patterns), rule.get("additionalProperties") or {})
            below = rule.get("properties", {}).get(key, anything)
        rule = _resolved(schema, below)
    return rule


def _resolved(schema: Schema, rule: Schema) -> Schema:
    """The rule behind a $ref or behind "this or null"; the description nearest to the key stays."""
    description = rule.get("description")
    if "anyOf" in rule:
        rule = _resolved(schema, rule["anyOf"][0])
    if "$ref" in rule:
        rule = schema["$defs"][rule["$ref"].rpartition("/")[2]]
    return {**rule, "description": description} if description else rule
