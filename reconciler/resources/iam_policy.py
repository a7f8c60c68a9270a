"""IAM policy documents, in a normal form: two with the same meaning are equal."""

import json
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import unquote

from reconciler.model.spec import Part

POLICY_VERSION = "2012-10-17"  # of the policy language, in each document that we write
DEFAULT_POLICY_VERSION = "2008-10-17"  # of a document that gives none (IAM user guide, "Version")
STATEMENT_ELEMENTS = frozenset({"Sid", "Effect", "Action", "Resource", "Condition"})  # that `Statement` holds

Condition = tuple[str, str, frozenset[str]]  # operator, condition key, values


class Statement(Part):
    """A statement of a policy: it allows or denies actions on resources."""

    effect: str = "Allow"
    actions: frozenset[str]
    resources: frozenset[str]
    conditions: frozenset[Condition] = frozenset()
    other: str = ""
    """Live only: the other elements, such as NotAction, as JSON."""

    def __str__(self) -> str:
        """Return it in words, such as `Allow s3:GetObject on *`, with its conditions."""
        words = f"{self.effect} {_join(self.actions)} on {_join(self.resources)}"
        conditions = (f"{key} {op} {_join(values)}" for op, key, values in sorted(self.conditions, key=repr))
        return " if ".join(filter(None, (words, " and ".join(conditions)))) + f" {self.other}" * bool(
            self.other
        )

    @property
    def document(self) -> dict[str, Any]:
        """The statement in IAM's form."""
        return {
            "Effect": self.effect,
            "Action": sorted(self.actions),
            "Resource": sorted(self.resources),
            **encode_conditions(self.conditions),
        }


class Policy(Part):
    """A policy document: its statements, whose order does not matter."""

    statements: frozenset[Statement]
    version: str = POLICY_VERSION

    def __str__(self) -> str:
        """Return its statements in words."""
        return "; ".join(sorted(map(str, self.statements)))

    @property
    def document(self) -> dict[str, Any]:
        """The document in IAM's form."""
        documents = (statement.document for statement in self.statements)
        return {"Version": self.version, "Statement": sorted(documents, key=repr)}


def encode_conditions(conditions: Iterable[Condition]) -> dict[str, Any]:
    """Return the element of a statement that holds its conditions; nothing if it has none."""
    encoded: dict[str, dict[str, list[str]]] = {}
    for operator, key, values in sorted(conditions, key=repr):
        encoded.setdefault(operator, {})[key] = sorted(values)
    return {"Condition": encoded} if encoded else {}


def _join(words: frozenset[str]) -> str:
    return ", ".join(sorted(words)) or "nothing"


def parse_policy(raw: Any) -> Policy:
    """Return the policy, given a document in IAM's form."""
    document = parse_document(raw)
    statements = frozenset(map(_parse_statement, as_list(document.get("Statement"))))
    return Policy(statements=statements, version=document.get("Version", DEFAULT_POLICY_VERSION))


def parse_document(raw: Any) -> dict[str, Any]:
    """Return a document as a mapping.

    IAM sends it as URL-encoded JSON, which botocore decodes in most answers.
    """
    document: dict[str, Any] = json.loads(unquote(raw)) if isinstance(raw, str) else raw
    return document


def as_list(value: Any) -> list[Any]:
    """Return the value as a list: IAM may write a single item without one."""
    return [] if value is None else list(value) if isinstance(value, list | tuple) else [value]


def dump_document(document: Any) -> str:
    """Return a document as JSON. Equal documents give equal texts."""
    return json.dumps(document, sort_keys=True)


def _parse_statement(raw: Mapping[str, Any]) -> Statement:
    other = {k: v for k, v in raw.items() if k not in STATEMENT_ELEMENTS}
    return Statement(
        effect=str(raw.get("Effect", "")).capitalize(),
        actions=frozenset(as_list(raw.get("Action"))),
        resources=frozenset(as_list(raw.get("Resource"))),
        conditions=frozenset(parse_conditions(raw.get("Condition", {}))),
        other=dump_document(other) if other else "",
    )


def parse_conditions(raw: Mapping[str, Mapping[str, Any]]) -> Iterable[Condition]:
    """Yield the conditions of a statement in IAM's form."""
    for operator, keys in raw.items():
        for key, values in keys.items():
            yield operator, key, frozenset(_format_value(v) for v in as_list(values))


def _format_value(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
