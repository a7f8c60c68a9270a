"""What blocks a delete, asked of AWS and told in words: "DependencyViolation" alone helps nobody."""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any, NamedTuple

import structlog
from botocore.exceptions import BotoCoreError, ClientError
from botocore.parsers import ResponseParserError

from reconciler.aws.errors import code, message
from reconciler.aws.jmes import search
from reconciler.errors import Stopped
from reconciler.model.steps import BlockerQuery

log = structlog.get_logger()

Client = Callable[[str], Any]
TOLD = 5  # of all that block it


class Blocked(NamedTuple):
    """By what, in words, the first few; and whether any of it goes only when a person takes it away."""

    by: tuple[str, ...] = ()
    lasting: bool = False


UNKNOWN = Blocked()  # not asked yet


def found(client: Client, looks: Iterable[BlockerQuery]) -> Blocked:
    """What AWS tells; nothing of what it does not answer, as this is told beside an error of its own."""
    rows = [(look, row) for look in looks for row in _rows(client, look)]
    told, more = [_words(look.what, row) for look, row in rows[:TOLD]], len(rows) - TOLD
    told += [f"{more} more"] if more > 0 else []
    return Blocked(tuple(told), any(look.lasting for look, _ in rows))


def _rows(client: Client, look: BlockerQuery) -> list[Any]:
    try:
        found = [search(look.path, _answer(client, look, params)) for params in _params(client, look)]
    except Stopped:
        return []
    except (ClientError, BotoCoreError, ResponseParserError) as e:
        log.debug("not explained", operation=look.operation, code=code(e), message=message(e))
        return []
    return [row for rows in found for row in rows or ()]


def _answer(client: Client, look: BlockerQuery, params: Mapping[str, Any]) -> Any:
    return getattr(client(look.service), look.operation)(**params)


def _params(client: Client, look: BlockerQuery) -> list[dict[str, Any]]:
    """One for each time that it is to be asked."""
    if look.of is None:
        return [dict(look.params)]
    ids = _rows(client, look.of)
    if look.takes.endswith("[]"):
        return [{**look.params, look.takes.removesuffix("[]"): ids}] if ids else []
    return [{**look.params, look.takes: own_id} for own_id in ids]


def _words(what: str, row: Any) -> str:
    """`eni-1 (ELB app/alb-dev/…, amazon-elb, in-use)`."""
    first, *more = row if isinstance(row, list) else [row]
    told = [f"since {m:%H:%M:%S} UTC" if isinstance(m, datetime) else str(m) for m in more if m]
    return f"{what} {first}".strip() + (f" ({', '.join(told)})" if told else "")
