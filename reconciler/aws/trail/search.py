"""The search for the event that made a difference, among those that CloudTrail tells."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from itertools import islice

from reconciler.aws.trail import window as windows
from reconciler.aws.trail.actors import arn_of
from reconciler.aws.trail.event import TrailEvent, leaves
from reconciler.aws.trail.lookups import Lookups, NotAnswered
from reconciler.aws.trail.matching import is_of_field, is_of_resource, made_for, sets_value
from reconciler.aws.trail.ours import Ours, is_ours
from reconciler.aws.trail.questions import Attribute, Place, Question, Times, ask, names_for, resource_name
from reconciler.aws.trail.window import KEPT, Window
from reconciler.model.drift import Difference, Finding
from reconciler.model.trail import TouchedBy

MOST_DELETIONS = 3  # of others' and ours, that are looked at for one resource that is gone

Test = Callable[[TrailEvent], bool]


@dataclass(frozen=True)
class Search:
    """What is the same for all differences of one round."""

    lookups: Lookups
    place: Place
    window: Window
    ours: Ours
    at: datetime

    @property
    def times(self) -> Times:
        """The time of the change. Right after its detection it has no end, so that no clock matters."""
        is_now = self.at <= self.window.end
        return self.window.begin, None if is_now else self.window.end


def find_event(search: Search, difference: Difference, touched: TouchedBy) -> tuple[TrailEvent, bool] | None:
    """Return the event, and whether it set what was found; None if there is none."""
    if difference.finding is Finding.MISSING and touched.nameless and not difference.outputs:
        return next(((event, True) for event in _find_deletions(search, difference, touched)), None)
    exact = partial(sets_value, difference=difference, touched=touched)
    for names in names_for(difference, touched):
        if found := _look_through(
            search,
            _questions(search, difference, touched, names),
            _make_test(difference, touched, names),
            exact,
        ):
            return found
    return None


def _questions(
    search: Search, difference: Difference, touched: TouchedBy, names: tuple[str, ...]
) -> list[Question]:
    region = search.place.of(touched)
    if names and (resource := resource_name(difference, touched)):
        return ask(region, "ResourceName", [resource], search.times)
    return ask(region, "EventName", names, search.times)


def _make_test(difference: Difference, touched: TouchedBy, names: tuple[str, ...]) -> Test:
    """Return the test of an event that touched the resource by one of these calls."""
    by_resource = bool(resource_name(difference, touched))

    def touches(event: TrailEvent) -> bool:
        return (
            event.name in names
            and event.source == touched.source
            and (by_resource or is_of_resource(event, difference, touched))
            and is_of_field(event, difference, touched)
        )

    return touches


def _look_through(
    search: Search, questions: Iterable[Question], touches: Test, exact: Test
) -> tuple[TrailEvent, bool] | None:
    """Return the newest event that set the value that was found, else the newest that touched it.

    A question ends with the page of its first match. Raises `NotAnswered` if nothing is found until then.
    """
    touched: list[TrailEvent] = []
    try:
        for event in _first_matches(search, questions, touches):
            if exact(event):
                return event, True
            touched += [event] if _counts(search, event) else []
    except NotAnswered:
        if not touched:
            raise
    newest = max(touched, key=lambda event: event.at, default=None)
    return (newest, False) if newest else None


def _first_matches(search: Search, questions: Iterable[Question], touches: Test) -> Iterator[TrailEvent]:
    for question in questions:
        for page in search.lookups.pages(question):
            found = [event for event in page if touches(event)]
            yield from found
            if found:
                break


def _counts(search: Search, event: TrailEvent) -> bool:
    """Tell whether an event that did not set the value is an answer.

    What a run of ours did is one only when CloudTrail shows nothing later: the change may not have come yet.
    """
    settled = windows.is_settled(search.window, search.at)
    return settled or not is_ours(search.ours, event.agent, arn_of(event))


def _find_deletions(search: Search, difference: Difference, touched: TouchedBy) -> Iterator[TrailEvent]:
    """Yield the deletions of a resource whose id is not known any more, the newest first.

    A deletion names an id. That it was this resource is told by the tags with which the id was made.
    """
    questions = ask(search.place.of(touched), "EventName", touched.deleted_by, search.times)
    events = (
        e for q in questions for page in search.lookups.pages(q) for e in page if e.source == touched.source
    )
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
    made = (e for q in questions for page in search.lookups.pages(q) for e in page if e.name in touched.made_by)
    its_own = (e for e in made if own_id in {value for _, value in leaves(e.answer)})
    return any(made_for(event, difference, search.ours.stack) for event in its_own)
