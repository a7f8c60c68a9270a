"""The JSON schema of the platform file, and the rule in it for a value."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from pydantic import BaseModel

from desired_state.part import SHORT_FORM
from desired_state.tree import KeyPath

Schema = Mapping[str, Any]


@cache
def get_schema(model: type[BaseModel]) -> Schema:
    """Return the JSON schema of a model, made once."""
    return model.model_json_schema()


def find_schema(schema: Schema, where: KeyPath) -> Schema:
    """Return the part of the schema that applies to this path; empty if there is none."""
    rule = resolve_rule(schema, schema)
    for key in where:
        rule = find_rule_below(schema, rule, key)
    return rule


def find_rule_below(schema: Schema, rule: Schema, key: str | int) -> Schema:
    """Return the rule for the value at a key or index of a value that has this rule."""
    if isinstance(key, int):
        below = rule.get("items", {})
    else:
        patterns = rule.get("patternProperties", {}).values()
        anything = next(iter(patterns), rule.get("additionalProperties") or {})
        below = rule.get("properties", {}).get(key, anything)
    return resolve_rule(schema, below)


def resolve_rule(schema: Schema, rule: Schema) -> Schema:
    """Follow a $ref, or the first branch of anyOf; keep the description and short form nearest to the key."""
    own = {key: rule[key] for key in ("description", SHORT_FORM) if key in rule}
    if "anyOf" in rule:
        rule = resolve_rule(schema, rule["anyOf"][0])
    if "$ref" in rule:
        rule = resolve_rule(schema, schema["$defs"][rule["$ref"].rpartition("/")[2]])
    return {**rule, **own} if own else rule
