"""What changes nothing in a role that has no other policies: denials of what nothing allows, and vice versa."""

from collections.abc import Iterable, Sequence
from fnmatch import fnmatchcase

from reconciler.resources.iam_policy import Statement
from reconciler.rights.merging import restrict, service_of, services_of


def leave_out_needless(statements: Iterable[Statement]) -> list[Statement]:
    """Return the statements, without actions of denials and allowed resources that change nothing."""
    statements = tuple(statements)
    allowed = [statement for statement in statements if statement.effect == "Allow"]
    denials = [statement for statement in statements if statement.effect == "Deny"]
    needed = [_needed(denial, allowed) for denial in denials]
    found = (*(_allowable(statement, denials) for statement in allowed), *needed)
    return [statement for statement in found if statement.actions and statement.resources]


def _needed(denial: Statement, allowed: Sequence[Statement]) -> Statement:
    """Return the denial with those of its actions, and their services' resources, that something allows."""
    needed = frozenset(
        pattern
        for pattern in denial.actions
        if any(_meets(pattern, statement) and not _excludes(denial, statement) for statement in allowed)
    )
    return restrict(denial, needed)


def _allowable(statement: Statement, denials: Iterable[Statement]) -> Statement:
    """Return what is allowed without the resources for which all of it is denied."""
    denied = frozenset(
        arn
        for denial in denials
        for arn in denial.resources & statement.resources
        if not denial.conditions and _denies_all(denial, statement, arn)
    )
    return statement.model_copy(update={"resources": statement.resources - denied})


def _denies_all(denial: Statement, statement: Statement, arn: str) -> bool:
    of_it = [action for action in statement.actions if service_of(arn) in services_of([action])]
    return all(any(fnmatchcase(action, pattern) for pattern in denial.actions) for action in of_it)


def _meets(pattern: str, statement: Statement) -> bool:
    return any(fnmatchcase(action, pattern) for action in statement.actions)


def _excludes(denial: Statement, statement: Statement) -> bool:
    """Tell whether a statement allows nothing of what is denied: no key both is a value and is not."""
    return any(
        operator == "StringNotEquals" and ("StringEquals", key, values) in statement.conditions
        for operator, key, values in denial.conditions
    )
