"""Statements put together where that allows no more than they do one by one."""

import re
from collections.abc import Iterable

from reconciler.resources.iam_policy import Statement

ANYTHING = frozenset({"*"})


def merge(statements: Iterable[Statement]) -> list[Statement]:
    """Return the statements, those of the same conditions in one where none gets the resources of another."""
    found: list[Statement] = []
    for statement in statements:
        number = next((n for n, one in enumerate(found) if _may_merge(one, statement)), None)
        if number is None:
            found.append(statement)
        else:
            found[number] = _join(found[number], statement)
    return found


def restrict(statement: Statement, actions: frozenset[str]) -> Statement:
    """Return a statement with these of its actions, and the resources of their services."""
    services = services_of(actions)
    resources = frozenset(arn for arn in statement.resources if arn == "*" or service_of(arn) in services)
    return statement.model_copy(update={"actions": actions, "resources": resources})


def services_of(actions: Iterable[str]) -> frozenset[str]:
    """Return IAM's prefixes of the services that the actions are of."""
    return frozenset(action.partition(":")[0] for action in actions)


def service_of(arn: str) -> str:
    """Return the service of an ARN; an empty text for a placeholder, which a destroy may leave unresolved."""
    found = re.match(r"arn:[^:]*:([^:]*):", arn)
    return found[1] if found else ""


def _may_merge(one: Statement, other: Statement) -> bool:
    if (one.effect, one.conditions) != (other.effect, other.conditions):
        return False
    if (one.resources == ANYTHING) != (other.resources == ANYTHING):
        return False
    both = services_of(one.actions) & services_of(other.actions)
    return all(_resources_of(one, service) == _resources_of(other, service) for service in both)


def _resources_of(statement: Statement, service: str) -> frozenset[str]:
    return frozenset(arn for arn in statement.resources if arn == "*" or service_of(arn) == service)


def _join(one: Statement, other: Statement) -> Statement:
    actions, resources = one.actions | other.actions, one.resources | other.resources
    return one.model_copy(update={"actions": actions, "resources": resources})
