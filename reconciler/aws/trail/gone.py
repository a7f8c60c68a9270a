"""The search for what took something away by an id that is not known any more."""

from collections.abc import Iterator
from itertools import islice

from reconciler.aws.trail.event import TrailEvent, leaves
from reconciler.aws.trail.matching import made_for
from reconciler.aws.trail.one_round import Search
from reconciler.aws.trail.questions import Attribute, ask
from reconciler.aws.trail.window import KEPT
from reconciler.model.drift import Difference
from reconciler.model.trail import TouchedBy

MOST_DELETIONS = 3  # of others' and ours, that are looked at for one resource that is gone


def find_deletions(search: Search, difference: Difference, touched: TouchedBy) -> Iterator[TrailEvent]:
    """Yield the deletions of a resource whose id is not known any more, the newest first.

    A deletion names an id. That it was this resource is told by the tags with which the id was made.
    """
    questions = ask(search.place.of(touched), "EventName", touched.deleted_by, search.times)
    events = (event for event in search.events(questions) if event.source == touched.source)
    for event in islice(events, MOST_DELETIONS):
        if any(_was_made_for(search, difference, touched, own_id) for own_id in _ids(event, touched)):
            yield event


def _ids(event: TrailEvent, touched: TouchedBy) -> set[str]:
    parameters = {parameter.lower() for parameter in touched.named_by}
    return {value for name, value in leaves(event.sent) if name.lower() in parameters}


def _was_made_for(search: Search, difference: Difference, touched: TouchedBy, own_id: str) -> bool:
    attribute: Attribute = "ResourceName" if touched.found_by else "EventName"
    values = [own_id] if touched.found_by else touched.made_by
    questions = ask(search.place.of(touched), attribute, values, (search.at - KEPT, None))
    made = (event for event in search.events(questions) if event.name in touched.made_by)
    its_own = (e for e in made if own_id in {value for _, value in leaves(e.answer)})
    return any(made_for(event, difference, search.ours.stack) for event in its_own)


def find_end_of_tie(search: Search, difference: Difference, touched: TouchedBy) -> TrailEvent | None:
    """Return the call that took an item from a resource by the id of their tie; None if there is none.

    Which item it was is not told: its id in AWS is not known here. So it is the last call that took any.
    """
    names = [name for name in touched.ended_by if name in touched.changes_of(difference.path.partition(".")[0])]
    if not (difference.item and difference.live is None and names):
        return None
    region, its_own = search.place.of(touched), difference.outputs.get(touched.found_by, "")
    makers, kept = {maker for name in names for maker in touched.ended_by[name]}, (search.at - KEPT, None)
    made = (e for e in search.events(ask(region, "ResourceName", [its_own], kept)) if e.name in makers)
    if not (ties := {value for event in made for _, value in leaves(event.answer)}):
        return None
    ends = (
        e for e in search.events(ask(region, "EventName", names, search.times)) if e.source == touched.source
    )
    taken = (e for e in ends if ties & {value for _, value in leaves(e.sent)} and search.counts(e))
    return max(taken, key=lambda event: event.at, default=None)
