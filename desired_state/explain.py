"""Problems of what pydantic and the checks found, with suggestions, and the mistakes to print."""

from collections.abc import Iterable, Iterator, Sequence

from pydantic_core import ErrorDetails

from desired_state.checks.violation import Violation
from desired_state.explain_value import explain_null, explain_value
from desired_state.locations import is_key, locate
from desired_state.mistakes import Mistake
from desired_state.schema import Schema, find_schema
from desired_state.secrecy import conceal
from desired_state.suggestions import choose, find_key, may_rename
from desired_state.tree import KeyPath, Located, Problem, find, to_plain
from desired_state.words import find_word


def explain(error: ErrorDetails, tree: Located, schema: Schema, *, suggesting: bool = True) -> Problem:
    """Return the problem of an error that pydantic found in the tree. To look for a suggestion takes time."""
    where = locate(error)
    node, above = find(tree, where), find_schema(schema, where[:-1])
    if error["type"] == "extra_forbidden":
        return _explain_unknown_key(node, where, tree, schema, suggesting=suggesting)
    rule = above.get("propertyNames", {}) if is_key(error) else find_schema(schema, where)
    if message := explain_null(error, rule, required=where[-1] in above.get("required", ())):
        return Problem(node, message)
    found = explain_value(error, node, rule)
    near = None
    if suggesting and is_key(error):
        near = next((str(key) for key in found.candidates if may_rename(tree, where, str(key))), None)
    elif suggesting and error["type"] == "missing":
        near = _complete(tree, where, rule)
    elif suggesting:
        near = choose(tree, where, found.candidates)
    if near and conceal(where, node.text, near) != near:
        near = None  # it repeats what is not shown
    return Problem(node, found.message + (found.offer.format(near) if near else ""))


def _explain_unknown_key(
    node: Located, where: KeyPath, tree: Located, schema: Schema, *, suggesting: bool
) -> Problem:
    above = find_schema(schema, where[:-1])
    message, known = "is not a key here", tuple(above.get("properties", ()))
    if word := find_word(above.get("title", ""), str(where[-1])):
        return Problem(node, f"{message}: {word}")
    if len(where) == 1 and where[0] in find_schema(schema, ("service_defaults",))["properties"]:
        return Problem(node, f"{message}: write `services.NAME.{where[0]}`, or `service_defaults.{where[0]}`")
    near = find_key(tree, where, known) if suggesting else None
    if near is None:
        return Problem(node, message, known)
    return Problem(node, message + _offer_key(tree, where, near))


def _offer_key(tree: Located, where: KeyPath, near: str) -> str:
    if may_rename(tree, where, near):
        return f"; did you mean {near}?"
    return f"; the nearest one, {near}, does not take this value"


def _complete(tree: Located, where: KeyPath, rule: Schema) -> str | None:
    """Return the long form of a short form that lacks this key, with a number for it, if it needs one."""
    parent = find(tree, where[:-1])
    if not parent.text or "minimum" not in rule:
        return None
    first = rule["minimum"] + sum(key for key in where if isinstance(key, int))  # one for each item of a list
    return choose(tree, where[:-1], [{where[-1]: first, **to_plain(parent)}])


def explain_violations(violations: Sequence[Violation], tree: Located, suggestions: int) -> Iterator[Problem]:
    """Yield the problems of rules between values that are violated; look for suggestions for the first ones."""
    for i, violation in enumerate(violations):
        candidates = violation.candidates if i < suggestions else ()
        near = choose(tree, violation.where, candidates, violation.depends_on)
        message = violation.message + (f"; did you mean {near}?" if near else "")
        yield Problem(find(tree, violation.where), message)


def list_mistakes(problems: Iterable[Problem]) -> Iterator[Mistake]:
    """Yield the problems as mistakes, in the order of the files; each list of known keys is told once."""
    told: set[tuple[str, ...]] = {()}
    for node, message, known in sorted(problems, key=lambda problem: problem.node.at):
        more = "" if known in told else f"; there are {', '.join(known)}"
        told.add(known)
        yield node.mistake(message + more)
