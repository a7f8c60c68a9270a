"""The search for the event that made a difference, among those that CloudTrail tells."""

from collections.abc import Callable, Iterable, Iterator
from functools import partial

from reconciler.aws.trail.event import TrailEvent
from reconciler.aws.trail.gone import find_deletions, find_end_of_tie
from reconciler.aws.trail.lookups import NotAnswered
from reconciler.aws.trail.matching import is_of_field, is_of_resource, sets_value
from reconciler.aws.trail.one_round import Search
from reconciler.aws.trail.questions import Question, ask, names_for, resource_name
from reconciler.model.drift import Difference, Finding
from reconciler.model.trail import TouchedBy

Test = Callable[[TrailEvent], bool]


def find_event(search: Search, difference: Difference, touched: TouchedBy) -> tuple[TrailEvent, bool] | None:
    """Return the event, and whether it set what was found; None if there is none."""
    if difference.finding is Finding.MISSING and touched.nameless and not difference.outputs:
        return next(((event, True) for event in find_deletions(search, difference, touched)), None)
    if ended := find_end_of_tie(search, difference, touched):
        return ended, False
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
            touched += [event] if search.counts(event) else []
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
