"""Find who made differences, and when, as far as CloudTrail's event history tells."""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from functools import partial
from threading import Event

from reconciler.aws.client import Aws
from reconciler.aws.trail import window as windows
from reconciler.aws.trail.actors import arn_of, describe_actor, describe_way
from reconciler.aws.trail.event import TrailEvent
from reconciler.aws.trail.lookups import Lookups, NotAnswered
from reconciler.aws.trail.one_round import Search
from reconciler.aws.trail.ours import Ours, is_ours
from reconciler.aws.trail.pace import FOR_A_ROUND, Pace
from reconciler.aws.trail.questions import Place, names_for
from reconciler.aws.trail.search import find_event
from reconciler.aws.trail.window import KEPT, Window
from reconciler.model.drift import Attribution, Difference, Known
from reconciler.model.trail import TouchedBy


def find_authors(
    aws: Aws,
    differences: Iterable[Difference],
    touched_by: Mapping[str, TouchedBy | None],
    window: Window,
    ours: Ours,
    *,
    account: str = "",
    pace: Pace | None = None,
    stop: Event | None = None,
    at: datetime | None = None,
    deadline: float | None = None,
) -> dict[str, Attribution]:
    """Return who made each of these differences, by `Difference.key`; the worst are asked for first.

    `touched_by` is by kind. `pace` is that of the process, `deadline` by its clock, and `at` the time of asking
    if it is not the real one. Never raises because of CloudTrail: what it does not tell is an answer too.
    """
    stop, pace = stop or Event(), pace or Pace()
    ends = pace.now() + FOR_A_ROUND if deadline is None else deadline
    with aws.stoppable_clients(stop) as client:
        lookups = Lookups(partial(_client_of, client), account, pace, stop, ends)
        search = Search(lookups, Place(aws.region, aws.partition), window, ours, at or windows.now())
        ordered = sorted(differences, key=lambda difference: difference.severity.rank)
        return {d.key: _find_author(search, d, touched_by.get(d.address.kind)) for d in ordered}


def _client_of(client: Callable[..., object], region: str) -> object:
    return client("cloudtrail", region=region)


def _find_author(search: Search, difference: Difference, touched: TouchedBy | None) -> Attribution:
    if touched is None:
        return Attribution(Known.NOT_FOUND)
    if not names_for(difference, touched):
        return Attribution(Known.NOT_FOUND)
    if search.at - search.window.until > KEPT:
        return Attribution(Known.TOO_OLD)
    try:
        found = find_event(search, difference, touched)
    except NotAnswered as none:
        return Attribution(none.known)
    return _tell(search, *found) if found else windows.judge_nothing(search.window, search.at)


def _tell(search: Search, event: TrailEvent, exact: bool) -> Attribution:
    return Attribution(
        Known.FOUND,
        describe_actor(event),
        event.at.isoformat(timespec="seconds"),
        event.name,
        event.id,
        describe_way(event, search.ours),
        by_us=not event.invoked_by and is_ours(search.ours, event.agent, arn_of(event)),
        exact=exact,
    )
