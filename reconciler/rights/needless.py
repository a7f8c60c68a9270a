"""Denials of what nothing allows, which a role that has no other policies does not need."""

from collections.abc import Iterable, Sequence
from fnmatch import fnmatchcase

from reconciler.resources.iam_policy import Statement
from reconciler.rights.merging import restrict


def leave_out_needless(statements: Iterable[Statement]) -> list[Statement]:
    """Return the statements, without denials and actions of denials that change nothing beside the others."""
    statements = tuple(statements)
    allowed = [statement for statement in statements if statement.effect == "Allow"]
    denied = [_needed(statement, allowed) for statement in statements if statement.effect == "Deny"]
    return [*allowed, *(statement for statement in denied if statement.actions)]


def _needed(denial: Statement, allowed: Sequence[Statement]) -> Statement:
    """Return the denial with those of its actions, and their services' resources, that something allows."""
    needed = frozenset(
        pattern
        for pattern in denial.actions
        if any(_meets(pattern, statement) and not _excludes(denial, statement) for statement in allowed)
    )
    return restrict(denial, needed)


def _meets(pattern: str, statement: Statement) -> bool:
    return any(fnmatchcase(action, pattern) for action in statement.actions)


def _excludes(denial: Statement, statement: Statement) -> bool:
    """Tell whether a statement allows nothing of what is denied: no key both is a value and is not."""
    return any(
        operator == "StringNotEquals" and ("StringEquals", key, values) in statement.conditions
        for operator, key, values in denial.conditions
    )
