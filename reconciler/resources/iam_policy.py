"""Policy documents, in a form in which two that mean the same are equal."""

import json
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import unquote

from reconciler.model.spec import Part

VERSION = "2012-10-17"
OLDEST = "2008-10-17"  # of a document that tells none (IAM user guide, "Version")
KNOWN = frozenset({"Sid", "Effect", "Action", "Resource", "Condition"})

Condition = tuple[str, str, frozenset[str]]  # operator, condition key, values


class Statement(Part):
    """What is allowed or denied."""

    effect: str = "Allow"
    actions: frozenset[str]
    resources: frozenset[str]
    conditions: frozenset[Condition] = frozenset()
    other: str = ""
    """JSON of what is in it besides, such as NotAction: nothing, in ours."""

    def __str__(self) -> str:
        """`Allow s3:GetObject on *`, with its conditions."""
        told = f"{self.effect} {_listed(self.actions)} on {_listed(self.resources)}"
        conditions = (f"{key} {op} {_listed(values)}" for op, key, values in sorted(self.conditions, key=repr))
        return " if ".join(filter(None, (told, " and ".join(conditions)))) + f" {self.other}" * bool(self.other)

    @property
    def document(self) -> dict[str, Any]:
        """As IAM takes it."""
        conditions: dict[str, dict[str, list[str]]] = {}
        for operator, key, values in sorted(self.conditions, key=repr):
            conditions.setdefault(operator, {})[key] = sorted(values)
        given = {"Condition": conditions} if conditions else {}
        return {
            "Effect": self.effect,
            "Action": sorted(self.actions),
            "Resource": sorted(self.resources),
            **given,
        }


class Policy(Part):
    """The statements of a document, whose order means nothing."""

    statements: frozenset[Statement]
    version: str = VERSION

    def __str__(self) -> str:
        """Its statements in words."""
        return "; ".join(sorted(map(str, self.statements)))

    @property
    def document(self) -> dict[str, Any]:
        """As IAM takes it."""
        documents = (statement.document for statement in self.statements)
        return {"Version": self.version, "Statement": sorted(documents, key=repr)}


def _listed(words: frozenset[str]) -> str:
    return ", ".join(sorted(words)) or "nothing"


def policy(raw: Any) -> Policy:
    """A document as IAM gives it."""
    document = parsed(raw)
    statements = frozenset(map(_statement, many(document.get("Statement"))))
    return Policy(statements=statements, version=document.get("Version", OLDEST))


def parsed(raw: Any) -> dict[str, Any]:
    """A document, which IAM sends URL-encoded and botocore mostly decodes."""
    document: dict[str, Any] = json.loads(unquote(raw)) if isinstance(raw, str) else raw
    return document


def many(value: Any) -> list[Any]:
    """A list, of which IAM writes one of a single item as that item."""
    return [] if value is None else list(value) if isinstance(value, list | tuple) else [value]


def canonical(document: Any) -> str:
    """A document of no form that we write, as a text that is the same for the same document."""
    return json.dumps(document, sort_keys=True)


def _statement(raw: Mapping[str, Any]) -> Statement:
    other = {k: v for k, v in raw.items() if k not in KNOWN}
    return Statement(
        effect=str(raw.get("Effect", "")).capitalize(),
        actions=frozenset(many(raw.get("Action"))),
        resources=frozenset(many(raw.get("Resource"))),
        conditions=frozenset(_conditions(raw.get("Condition", {}))),
        other=canonical(other) if other else "",
    )


def _conditions(raw: Mapping[str, Mapping[str, Any]]) -> Iterable[Condition]:
    for operator, keys in raw.items():
        for key, values in keys.items():
            yield operator, key, frozenset(_text(v) for v in many(values))


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
