"""Grants put into as many documents as AWS's limit of a managed policy asks for."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

from reconciler.resources.iam_policy import POLICY_VERSION
from reconciler.rights.grant import Grant

LIMIT = 6144  # characters of a managed policy, without white space (IAM user guide, "IAM and AWS STS quotas")

Document = dict[str, Any]


def documents(grants: Iterable[Grant], limit: int = LIMIT) -> list[Document]:
    """Return documents with all grants, in their order, none above the limit."""
    found: list[Document] = []
    for grant in (part for whole in grants for part in _parts(whole, limit)):
        fitting = next((one for one in found if size(_with(one, grant)) <= limit), None)
        if fitting is None:
            found.append(_of(grant))
        else:
            fitting["Statement"].append(grant.document)
    return found


def size(document: Document) -> int:
    """Return the characters that AWS counts."""
    return len("".join(json.dumps(document).split()))


def _of(*grants: Grant) -> Document:
    return {"Version": POLICY_VERSION, "Statement": [grant.document for grant in grants]}


def _with(document: Document, grant: Grant) -> Document:
    return {**document, "Statement": [*document["Statement"], grant.document]}


def _parts(whole: Grant, limit: int) -> Iterator[Grant]:
    """Yield the grant, or several with a part of its actions each, if it is too large for a document."""
    if size(_of(whole)) <= limit or len(whole.statement.actions) == 1:
        yield whole
        return
    actions = sorted(whole.statement.actions)
    middle = len(actions) // 2
    for number, part in enumerate((actions[:middle], actions[middle:]), 1):
        statement = whole.statement.model_copy(update={"actions": frozenset(part)})
        yield from _parts(replace(whole, sid=f"{whole.sid}{number}", statement=statement), limit)
