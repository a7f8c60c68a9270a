"""Ask AWS what blocks a step, as an error code such as "DependencyViolation" does not say it."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, NamedTuple

import structlog
from botocore.exceptions import BotoCoreError, ClientError
from botocore.parsers import ResponseParserError

from reconciler.aws.calls import Client
from reconciler.aws.errors import code, message
from reconciler.aws.jmes import search
from reconciler.errors import Stopped
from reconciler.model.steps import BlockerQuery

log = structlog.get_logger()

BLOCKERS_NAMED = 5  # at most; the others are only counted


class Blocked(NamedTuple):
    """The blockers of a step."""

    by: tuple[str, ...] = ()  # in words: the first few blockers, and the number of the others
    needs_person: bool = False  # a person has to remove one of them


NOT_ASKED = Blocked()


def find_blockers(client: Client, queries: Iterable[BlockerQuery]) -> Blocked:
    """Return the blockers that the queries find. A query that fails finds none, and raises nothing."""
    rows = [(query, row) for query in queries for row in _rows(client, query)]
    words = [_describe(query.label, row) for query, row in rows[:BLOCKERS_NAMED]]
    more = len(rows) - BLOCKERS_NAMED
    words += [f"{more} more"] if more > 0 else []
    return Blocked(tuple(words), any(query.needs_person for query, _ in rows))


def _rows(client: Client, query: BlockerQuery) -> list[Any]:
    try:
        found = [search(query.path, _ask(client, query, params)) for params in _params(client, query)]
    except Stopped:
        return []
    except (ClientError, BotoCoreError, ResponseParserError) as e:
        log.debug("not explained", operation=query.operation, code=code(e), message=message(e))
        return []
    return [row for rows in found for row in rows or ()]


def _ask(client: Client, query: BlockerQuery, params: Mapping[str, Any]) -> Any:
    return getattr(client(query.service), query.operation)(**params)


def _params(client: Client, query: BlockerQuery) -> list[dict[str, Any]]:
    """Return the parameters of each call that the query makes."""
    if query.source is None:
        return [dict(query.params)]
    ids = _rows(client, query.source)
    if query.parameter.endswith("[]"):
        return [{**query.params, query.parameter.removesuffix("[]"): ids}] if ids else []
    return [{**query.params, query.parameter: own_id} for own_id in ids]


def _describe(label: str, row: Any) -> str:
    """Format a row as `eni-1 (ELB app/alb-dev/…, amazon-elb, in-use)`."""
    first, *more = row if isinstance(row, list) else [row]
    details = [f"since {m:%H:%M:%S} UTC" if isinstance(m, datetime) else str(m) for m in more if m]
    return f"{label} {first}".strip() + (f" ({', '.join(details)})" if details else "")
