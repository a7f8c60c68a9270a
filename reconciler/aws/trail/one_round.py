"""What is the same for all differences of one round, and which events count in it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from reconciler.aws.trail import window as windows
from reconciler.aws.trail.actors import arn_of
from reconciler.aws.trail.event import TrailEvent
from reconciler.aws.trail.lookups import Lookups
from reconciler.aws.trail.ours import Ours, is_ours
from reconciler.aws.trail.questions import Place, Question, Times
from reconciler.aws.trail.window import Window


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

    def events(self, questions: Iterable[Question]) -> Iterator[TrailEvent]:
        """Yield the events that answer these questions, those of each question newest first."""
        return (event for question in questions for page in self.lookups.pages(question) for event in page)

    def counts(self, event: TrailEvent) -> bool:
        """Tell whether an event that did not set the value is an answer.

        What a run of ours did is one only when CloudTrail shows nothing later: the change may come yet.
        """
        settled = windows.is_settled(self.window, self.at)
        return settled or not is_ours(self.ours, event.agent, arn_of(event))
