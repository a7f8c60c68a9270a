"""Statements of a policy with their names, made from the rows of the tables."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from reconciler.resources.iam_policy import Statement
from reconciler.rights.covered import drop_covered
from reconciler.rights.place import Place
from reconciler.rights.row import Conditions, Row


@dataclass(frozen=True)
class Grant:
    """A statement, its name in the document, and why it is not narrowed to the stack; empty if it is."""

    sid: str
    statement: Statement
    reason: str = ""

    @property
    def document(self) -> dict[str, Any]:
        """The statement in IAM's form; a single item without a list, which saves characters."""
        given = self.statement.document
        return {"Sid": self.sid, **{name: _plain(value) for name, value in given.items()}}


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _plain(item) for name, item in value.items()}
    return value[0] if isinstance(value, list) and len(value) == 1 else value


def grant(
    place: Place,
    sid: str,
    actions: Collection[str],
    resources: Iterable[str],
    conditions: Conditions = (),
    *,
    effect: str = "Allow",
    reason: str = "",
) -> Grant:
    """Return the grant; words in resources and values are filled in."""
    filled = frozenset(
        (operator, key, frozenset(map(place.fill, values))) for operator, key, values in conditions
    )
    statement = Statement(
        effect=effect,
        actions=frozenset(actions),
        resources=frozenset(drop_covered({arn for text in resources for arn in place.fill_each(text)})),
        conditions=filled,
    )
    return Grant(sid, statement, place.fill(reason))


def grants_of(rows: Iterable[Row], place: Place, allowed: Collection[str]) -> Iterator[Grant]:
    """Yield a grant for what is allowed of the rows; rows of one name are one grant."""
    by_sid: dict[str, list[Row]] = {}
    for row in rows:
        by_sid.setdefault(row.sid, []).append(row)
    for sid, several in by_sid.items():
        used = [row for row in several if row.all_actions & {*allowed}]
        actions = {action for row in used for action in row.all_actions & {*allowed}}
        resources = {place.arn(row.service, end) for row in used for end in row.resources.split()}
        if actions:
            first = used[0]
            yield grant(place, sid, actions, resources, first.conditions, reason=first.reason)
