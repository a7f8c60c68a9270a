"""Types, ranges and forms. What is wrong is taken out, so that the rest can be checked as well."""

from functools import cache
from typing import Any

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from desired_state.explain import Schema, explain, place
from desired_state.placeholders import STAND_IN
from desired_state.platform import Platform
from desired_state.service import Service
from desired_state.tree import Located, Problem, find, plain, put

_ROUNDS = 10  # taking out a value can leave its parent without what it needs, and so on upwards


def validate(tree: Located) -> tuple[Platform | None, Located, list[Problem]]:
    """The platform without what is wrong, the tree that says the same, and what is wrong."""
    problems: list[Problem] = []
    for _ in range(_ROUNDS):
        try:
            return Platform.model_validate(plain(tree)), tree, problems
        except ValidationError as error:
            found = _errors(error)
        problems = problems or [_problem(tree, e, _schema(Platform)) for e in found]  # later ones only follow
        for e in sorted(found, key=place, reverse=True):  # from the end: an index must not move
            tree = _without(tree, e)
    return None, tree, problems


def validate_defaults(defaults: Located) -> list[Problem]:
    """What is wrong with service_defaults, whether or not a service uses it; a service may complete it."""
    try:
        Service.model_validate(plain(defaults))
    except ValidationError as error:
        found = [e for e in _errors(error) if e["type"] != "missing"]
        return [_problem(defaults, e, _schema(Service)) for e in found]
    return []


def _errors(error: ValidationError) -> list[ErrorDetails]:
    """The errors, but for lists that are too short because their items are wrong."""
    found = error.errors(include_url=False)
    places = [place(e) for e in found]
    return [
        e
        for e, where in zip(found, places, strict=True)
        if e["type"] != "too_short" or not any(p[: len(where)] == where != p for p in places)
    ]


def _problem(tree: Located, error: ErrorDetails, schema: Schema) -> Problem:
    node = find(tree, place(error))
    return Problem(node, explain(error, node, schema))


def _without(tree: Located, error: ErrorDetails) -> Located:
    where = place(error)
    if where in {("platform",), ("environment",)}:
        return put(tree, where, Located(STAND_IN, tree.at, where))
    return put(tree, where[:-1] if error["type"] == "missing" else where, None)


@cache
def _schema(model: type[BaseModel]) -> dict[str, Any]:
    return model.model_json_schema()
