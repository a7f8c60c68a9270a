"""Ask CloudTrail, at a pace that leaves room for others, each question once in a round."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from threading import Event
from typing import Any

import structlog
from botocore.exceptions import BotoCoreError, ClientError
from botocore.parsers import ResponseParserError

from reconciler.aws.errors import ACCESS_DENIED, matches
from reconciler.aws.trail.event import TrailEvent, read_event
from reconciler.aws.trail.pace import Pace
from reconciler.aws.trail.questions import Question
from reconciler.errors import Stopped
from reconciler.model.drift import Known

log = structlog.get_logger()

PAGES = 10  # of a question at most, with fifty events each


class NotAnswered(Exception):
    """CloudTrail was not asked, or has not answered."""

    def __init__(self, known: Known) -> None:
        super().__init__(known)
        self.known = known


@dataclass
class Answers:
    """The pages of one question so far."""

    pages: list[tuple[TrailEvent, ...]] = field(default_factory=list)
    token: str = ""
    ended: bool = False


@dataclass
class Lookups:
    """The questions of one round to the CloudTrail of an account."""

    client: Callable[[str], Any]  # returns a client that tries once, given the region
    account: str
    pace: Pace
    stop: Event
    deadline: float  # by the clock of the pace
    _answers: dict[Question, Answers] = field(default_factory=dict)
    _refused: dict[str, Known] = field(default_factory=dict)  # by region: it is not asked again in this round

    def pages(self, question: Question) -> Iterator[tuple[TrailEvent, ...]]:
        """Yield the pages of a question, newest first. Raises `NotAnswered`, also where there are too many."""
        answers = self._answers.setdefault(question, Answers())
        yield from [*answers.pages]
        while not answers.ended:
            if len(answers.pages) == PAGES:
                raise NotAnswered(Known.NOT_ASKED)
            self._ask(question, answers)
            yield answers.pages[-1]

    def _ask(self, question: Question, answers: Answers) -> None:
        if refused := self._refused.get(question.region):
            raise NotAnswered(refused)
        self._wait(question.region)
        more: dict[str, Any] = {"NextToken": answers.token} if answers.token else {}
        more |= {"EndTime": question.end} if question.end else {}
        attribute = {"AttributeKey": question.attribute, "AttributeValue": question.value}
        try:
            told = self.client(question.region).lookup_events(
                LookupAttributes=[attribute], StartTime=question.begin, **more
            )
        except Stopped:
            raise NotAnswered(Known.NOT_ASKED) from None
        except (ClientError, BotoCoreError, ResponseParserError) as error:
            raise self._refuse(question.region, error) from error
        events = map(read_event, told.get("Events", ()))
        answers.pages.append(tuple(event for event in events if event))
        answers.token = told.get("NextToken") or ""
        answers.ended = not answers.token

    def _wait(self, region: str) -> None:
        seconds = self.pace.take_turn(self.account, region, self.deadline)
        if seconds is None or self.stop.is_set():
            raise NotAnswered(Known.NOT_ASKED)
        if seconds:
            (self.pace.rest or self.stop.wait)(seconds)

    def _refuse(self, region: str, error: Exception) -> NotAnswered:
        """Note that this region does not answer in this round. A report does not fail of it, whatever it is."""
        known = Known.NOT_ALLOWED if matches(error, ACCESS_DENIED) else Known.NOT_ASKED
        log.info("CloudTrail does not answer", region=region, error=str(error)[:200])
        self._refused[region] = known
        return NotAnswered(known)
