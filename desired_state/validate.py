"""Validation of types, ranges and patterns. Wrong values are removed, so that the rest can be checked."""

from functools import cache
from typing import Any

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from desired_state.explain import Schema, explain, explain_null, locate
from desired_state.placeholders import STAND_IN
from desired_state.platform import Platform
from desired_state.service import Service
from desired_state.tree import Located, Problem, find, put, to_plain

_MAX_ROUNDS = 10  # removing a value can leave its parent without a required one, and so on upwards


def validate(tree: Located) -> tuple[Platform | None, Located, list[Problem]]:
    """Return the platform without the wrong values, the tree of that platform, and the problems."""
    problems: list[Problem] = []
    for _ in range(_MAX_ROUNDS):
        try:
            return Platform.model_validate(to_plain(tree)), tree, problems
        except ValidationError as error:
            found = _list_errors(error)
        if not problems:  # those of later rounds only follow from the first ones
            problems = [_explain_error(tree, e, _get_schema(Platform)) for e in found]
        for e in sorted(found, key=locate, reverse=True):  # from the end: an index must not move
            tree = _remove(tree, e)
    return None, tree, problems


def validate_defaults(defaults: Located) -> list[Problem]:
    """Return the problems of service_defaults, except keys missing there, which services may add."""
    try:
        Service.model_validate(to_plain(defaults))
    except ValidationError as error:
        found = [e for e in _list_errors(error) if e["type"] != "missing"]
        return [_explain_error(defaults, e, _get_schema(Service)) for e in found]
    return []


def _list_errors(error: ValidationError) -> list[ErrorDetails]:
    """Return the errors, without those of lists that are too short because items were wrong."""
    found = error.errors(include_url=False)
    places = [locate(e) for e in found]
    return [
        e
        for e, where in zip(found, places, strict=True)
        if e["type"] != "too_short" or not any(p[: len(where)] == where != p for p in places)
    ]


def _explain_error(tree: Located, error: ErrorDetails, schema: Schema) -> Problem:
    node = find(tree, locate(error))
    return Problem(node, explain_null(error, schema) or explain(error, node, schema))


def _remove(tree: Located, error: ErrorDetails) -> Located:
    where = locate(error)
    if where in {("platform",), ("environment",)}:
        return put(tree, where, Located(STAND_IN, tree.at, where))
    return put(tree, where[:-1] if error["type"] == "missing" else where, None)


@cache
def _get_schema(model: type[BaseModel]) -> dict[str, Any]:
    return model.model_json_schema()
