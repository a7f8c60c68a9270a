"""Policy documents as statements that can be asked whether they speak of a request."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from reconciler.sandbox.authorization.conditions import Condition, is_met, read_conditions
from reconciler.sandbox.authorization.patterns import Keys, matches


@dataclass(frozen=True)
class Statement:
    """One statement of a policy."""

    allows: bool  # False: it denies
    actions: tuple[str, ...]
    resources: tuple[str, ...]
    conditions: tuple[Condition, ...]
    other_actions: bool = False  # it speaks of all actions but these: NotAction
    other_resources: bool = False  # it speaks of all resources but these: NotResource
    principals: tuple[tuple[str, str], ...] = ()  # of a trust policy, each with its kind
    sid: str = ""


@lru_cache(maxsize=1024)
def read_document(document: str) -> tuple[Statement, ...]:
    """Return the statements of a document, which IAM has accepted.

    Raises ValueError for an operator of conditions that is not played.
    """
    return tuple(_read(statement) for statement in _listed(json.loads(document)["Statement"]))


def _read(raw: Mapping[str, Any]) -> Statement:
    return Statement(
        allows=raw["Effect"] == "Allow",
        actions=_texts(raw.get("Action", raw.get("NotAction"))),
        resources=_texts(raw.get("Resource", raw.get("NotResource"))),
        conditions=read_conditions(raw.get("Condition", {})),
        other_actions="NotAction" in raw,
        other_resources="NotResource" in raw,
        principals=tuple(_principals(raw.get("Principal", {}))),
        sid=raw.get("Sid", ""),
    )


def _principals(raw: Any) -> list[tuple[str, str]]:
    by_kind = {"AWS": raw} if isinstance(raw, str) else raw
    return [(kind, value) for kind, values in by_kind.items() for value in _texts(values)]


def _texts(value: Any) -> tuple[str, ...]:
    return tuple(map(str, _listed(value)))


def _listed(value: Any) -> list[Any]:
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def speaks_of(statement: Statement, action: str, resource: str, keys: Keys) -> bool:
    """Tell whether the statement allows or denies the action on the resource."""
    return (
        _names_action(statement, action)
        and _names_resource(statement, resource, keys)
        and all(is_met(condition, keys) for condition in statement.conditions)
    )


def _names_action(statement: Statement, action: str) -> bool:
    named = any(matches(pattern, action, {}, with_case=False) for pattern in statement.actions)
    return named is not statement.other_actions


def _names_resource(statement: Statement, resource: str, keys: Keys) -> bool:
    named = any(matches(pattern, resource, keys) for pattern in statement.resources)
    return named is not statement.other_resources
