"""Validation of types, ranges and patterns. Wrong values are removed, so that the rest can be checked."""

from collections.abc import Iterable

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from desired_state.explain import explain
from desired_state.locations import locate
from desired_state.placeholders import STAND_IN
from desired_state.platform import Platform
from desired_state.schema import get_schema
from desired_state.tree import Located, Problem, find, put, remove, to_plain

_MAX_ROUNDS = 10  # removing a value can leave its parent without a required one, and so on upwards
MAX_SUGGESTIONS = 100  # a run looks for: each takes some milliseconds, and nobody reads more


def validate(tree: Located) -> tuple[Platform | None, Located, list[Problem]]:
    """Return the platform without the wrong values, the tree of that platform, and the problems."""
    problems: list[Problem] = []
    for _ in range(_MAX_ROUNDS):
        try:
            return Platform.model_validate(to_plain(tree)), tree, problems
        except ValidationError as error:
            found = _list_errors(error)
        problems = problems or _explain_errors(found, tree)  # later ones only follow from the first ones
        tree = _remove_wrong(tree, found)
    return None, tree, problems


def validate_defaults(defaults: Located) -> list[Problem]:
    """Return the problems of service_defaults, except keys missing there, which services may add."""
    tree = Located({"services": Located({STAND_IN: defaults}, defaults.at)}, defaults.at)
    try:
        Platform.model_validate(to_plain(tree))
    except ValidationError as error:
        found = [e for e in _list_errors(error) if e["type"] != "missing"]
        return _explain_errors(found, tree)
    return []


def _list_errors(error: ValidationError) -> list[ErrorDetails]:
    """Return the errors, without those of lists that are too short because items were wrong."""
    found = error.errors(include_url=False)
    places = [locate(e) for e in found]
    above = {place[:depth] for place in places for depth in range(len(place))}
    return [e for e, where in zip(found, places, strict=True) if e["type"] != "too_short" or where not in above]


def _explain_errors(errors: Iterable[ErrorDetails], tree: Located) -> list[Problem]:
    """Return the problems in the order of the file; suggestions are for the first ones."""
    in_order = sorted(errors, key=lambda e: find(tree, locate(e)).at)
    schema = get_schema(Platform)
    return [explain(e, tree, schema, suggesting=i < MAX_SUGGESTIONS) for i, e in enumerate(in_order)]


def _remove_wrong(tree: Located, errors: Iterable[ErrorDetails]) -> Located:
    wrong = set()
    for error in errors:
        where = locate(error)
        if where in {("platform",), ("environment",)}:
            tree = put(tree, where, Located(STAND_IN, tree.at, where))
        else:
            wrong.add(where[:-1] if error["type"] == "missing" else where)
    return remove(tree, wrong)
